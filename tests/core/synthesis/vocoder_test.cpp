#include "core/synthesis/vocoder.h"

#include <gtest/gtest.h>

#include <cmath>
#include <complex>
#include <limits>
#include <numbers>
#include <random>

#include "core/base/error.h"
#include "core/synthesis/line_spectral_pairs.h"
#include "core/synthesis/parameter_generation.h"

namespace hmm {
namespace {

using Complex = std::complex<double>;

Complex all_pass(double omega, double alpha) {
  const Complex z = std::polar(1.0, -omega);
  return (z - alpha) / (1.0 - alpha * z);
}

Complex response(const std::vector<double>& impulse, double omega) {
  Complex sum = 0;
  for (std::size_t n = 0; n < impulse.size(); ++n) {
    sum += impulse[n] * std::polar(1.0, -omega * static_cast<double>(n));
  }
  return sum;
}

TEST(MlsaFilter, ImpulseResponseIsTheExponentialOfTheMelCepstrum) {
  for (const double alpha : {0.0, 0.35, 0.55}) {
    const std::vector<double> cepstrum = {0.7, 0.9, -0.4, 0.3, 0.1, -0.2, 0.05};
    std::vector<double> filter(7), impulse(4000);
    mel_cepstrum_to_filter(cepstrum, alpha, filter);
    MlsaFilter mlsa(6, alpha);
    impulse[0] = 1;
    mlsa.run(filter, filter, impulse);
    for (double omega = 0.05; omega < std::numbers::pi; omega += 0.2) {
      Complex expected = 0, power = 1;
      for (const double c : cepstrum) {
        expected += c * power;
        power *= all_pass(omega, alpha);
      }
      // The Pade approximation's error, 0.2 dB at most (Imai 1983).
      EXPECT_NEAR(std::log(std::abs(response(impulse, omega))), expected.real(), 0.02);
    }
  }
}

TEST(MlsaFilter, ConversionsAreInverse) {
  const std::vector<double> cepstrum = {1, 2, -3, 0.5};
  std::vector<double> filter(4), back(4);
  mel_cepstrum_to_filter(cepstrum, 0.42, filter);
  filter_to_mel_cepstrum(filter, 0.42, back);
  for (int i = 0; i < 4; ++i) EXPECT_NEAR(back[i], cepstrum[i], 1e-14);
}

TEST(MglsaFilter, ImpulseResponseIsTheAllPoleSpectrumOfTheLsp) {
  for (const unsigned stage : {1u, 2u, 3u}) {
    for (const std::size_t order : {5u, 6u}) {
      const SpectrumCoding coding{.alpha = 0.35, .stage = stage, .log_gain = true};
      std::vector<double> lsp = {0.3};
      for (std::size_t i = 1; i <= order; ++i) {
        lsp.push_back(std::numbers::pi * (static_cast<double>(i) + (i % 2 == 0 ? -0.2 : 0.1)) /
                      static_cast<double>(order + 1));
      }
      const std::vector<double> filter = lsp_to_filter(lsp, coding);
      std::vector<double> impulse(6000);
      impulse[0] = 1;
      MglsaFilter mglsa(order, coding.alpha, stage);
      mglsa.run(filter, filter, impulse);
      const auto polynomial = lsp_to_polynomial(std::span(lsp).subspan(1));
      for (double omega = 0.05; omega < std::numbers::pi; omega += 0.3) {
        Complex sum = 0, power = 1;
        for (const double a : polynomial) {
          sum += a * power;
          power *= all_pass(omega, coding.alpha);
        }
        const double expected =
            std::exp(0.3) * std::pow(std::abs(sum), -static_cast<double>(stage));
        EXPECT_NEAR(std::abs(response(impulse, omega)) / expected, 1.0, 1e-6)
            << stage << " " << order << " " << omega;
      }
    }
  }
}

TEST(LineSpectralPairs, FrequenciesTooCloseAreParted) {
  std::vector<double> lsp = {1.0, -0.1, 1.0, 1.0001, 3.3};
  separate_lsp(lsp);
  for (std::size_t i = 1; i + 1 < lsp.size(); ++i) EXPECT_LT(lsp[i], lsp[i + 1]);
  EXPECT_GT(lsp[1], 0);
  EXPECT_LT(lsp[4], std::numbers::pi);
}

TEST(Excitation, PulsesCarryThePowerOfTheirPeriod) {
  Excitation excitation(16000, 80, 0);
  std::vector<double> samples(80);
  double power = 0;
  int pulses = 0;
  for (int frame = 0; frame < 200; ++frame) {
    excitation.fill(std::log(200.0), {}, samples);
    for (const double x : samples) {
      power += x * x;
      pulses += x != 0 ? 1 : 0;
    }
  }
  EXPECT_EQ(pulses, 200);  // one second at 200 Hz
  EXPECT_NEAR(power / 16000, 1.0, 1e-9);
}

TEST(Excitation, NoiseIsWhiteWithUnitPower) {
  Excitation excitation(16000, 1000, 0);
  std::vector<double> samples(1000);
  double power = 0, next = 0, mean = 0;
  for (int frame = 0; frame < 100; ++frame) {
    excitation.fill(kUnvoiced, {}, samples);
    for (std::size_t i = 0; i < samples.size(); ++i) {
      power += samples[i] * samples[i] / 1e5;
      mean += samples[i] / 1e5;
      if (i > 0) next += samples[i] * samples[i - 1] / 1e5;
    }
  }
  EXPECT_NEAR(power, 1, 0.02);
  EXPECT_NEAR(mean, 0, 0.02);
  EXPECT_NEAR(next, 0, 0.02);
}

TEST(Excitation, LowPassOfOneTapIsThePulseAlone) {
  Excitation plain(16000, 80, 0), mixed(16000, 80, 1);
  const double all[] = {1.0};
  std::vector<double> a(80), b(80);
  for (int frame = 0; frame < 20; ++frame) {
    plain.fill(std::log(123.0), {}, a);
    mixed.fill(std::log(123.0), all, b);
    for (int i = 0; i < 80; ++i) EXPECT_NEAR(a[i], b[i], 1e-12);
  }
}

TEST(Excitation, PitchIsKeptWithinTwentyHertzAndTwentyKilohertz) {
  Excitation excitation(16000, 1600, 0);
  std::vector<double> samples(1600);
  excitation.fill(-700.0, {}, samples);
  EXPECT_LE(std::count_if(samples.begin(), samples.end(), [](double x) { return x != 0; }), 3);
  excitation.fill(700.0, {}, samples);
  for (const double x : samples) EXPECT_TRUE(std::isfinite(x));
}

Voice plain_voice(SpectrumCoding coding, std::size_t dimension) {
  Voice voice;
  voice.sample_rate = 16000;
  voice.frame_period = 80;
  voice.spectrum = coding;
  voice.streams.resize(2);
  voice.streams[0].dimension = dimension;
  return voice;
}

TEST(Vocoder, RunawayFiltersAreRefused) {
  Vocoder vocoder(plain_voice({.alpha = 0.42}, 25));
  std::vector<double> spectrum(25, 40.0), samples(80);
  EXPECT_THROW(
      {
        for (int i = 0; i < 20; ++i) vocoder.synthesize(spectrum, kUnvoiced, {}, samples);
      },
      DataError);
}

TEST(Vocoder, NotANumberIsRefused) {
  for (const unsigned stage : {0u, 2u}) {
    Vocoder vocoder(plain_voice({.alpha = 0.42, .stage = stage}, 5));
    std::vector<double> spectrum(5, std::numeric_limits<double>::quiet_NaN()), samples(80);
    EXPECT_THROW(vocoder.synthesize(spectrum, kUnvoiced, {}, samples), DataError) << stage;
  }
}

TEST(Vocoder, PostfilterOutOfRangeIsRefused) {
  EXPECT_THROW(Vocoder(plain_voice({}, 5), 1.1), SettingsError);
  EXPECT_THROW(Vocoder(plain_voice({}, 5), -0.1), SettingsError);
  EXPECT_THROW(Vocoder(plain_voice({}, 5), std::numeric_limits<double>::quiet_NaN()),
               SettingsError);
}

}  // namespace
}  // namespace hmm

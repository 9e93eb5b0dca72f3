#include "pipelines/decode_picture.h"

#include <cairo.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <memory>

#include "core/base/error.h"

namespace {

constexpr double kPixelsPerSecond = 220;
constexpr double kLeft = 90, kRight = 20, kTop = 40, kGap = 14, kBottom = 40;

struct Panel {
  const char* name;
  double height;
};
constexpr Panel kPanels[] = {
    {"waveform", 90}, {"log-mel", 160}, {"phones", 40}, {"state", 120}, {"confidence", 90}};

/// The context, and where the panel being drawn lies.
struct Drawing {
  cairo_t* context;
  double width, top, height, duration;

  double x(double time) const { return kLeft + (duration > 0 ? time / duration : 0) * width; }
  double y(double share) const { return top + (1 - share) * height; }
};

void draw_text(const Drawing& d, double x, double y, const std::string& text, double size) {
  cairo_set_font_size(d.context, size);
  cairo_move_to(d.context, x, y);
  cairo_show_text(d.context, text.c_str());
}

void draw_waveform(const Drawing& d, const std::vector<float>& samples) {
  cairo_set_source_rgb(d.context, 0.12, 0.35, 0.6);
  const auto columns = static_cast<std::size_t>(d.width);
  for (std::size_t column = 0; column < columns && !samples.empty(); ++column) {
    const auto first =
        samples.begin() + static_cast<std::ptrdiff_t>(column * samples.size() / columns);
    const auto last =
        samples.begin() + static_cast<std::ptrdiff_t>((column + 1) * samples.size() / columns);
    if (first == last) continue;
    const auto [low, high] = std::minmax_element(first, last);
    const double x = kLeft + static_cast<double>(column) + 0.5;
    cairo_move_to(d.context, x, d.y((*low + 1) / 2));
    cairo_line_to(d.context, x, d.y((*high + 1) / 2) - 0.5);
  }
  cairo_set_line_width(d.context, 1);
  cairo_stroke(d.context);
}

void draw_log_mel(const Drawing& d, const hmm::Matrix& log_mel) {
  if (log_mel.empty()) return;
  const auto width = static_cast<int>(log_mel.rows());
  const auto height = static_cast<int>(log_mel.columns());
  const std::vector<float> values(log_mel.data(),
                                  log_mel.data() + log_mel.rows() * log_mel.columns());
  const float high = *std::max_element(values.begin(), values.end());
  const float low = high - 16;  // nats, about 70 dB
  const std::unique_ptr<cairo_surface_t, decltype(&cairo_surface_destroy)> image(
      cairo_image_surface_create(CAIRO_FORMAT_RGB24, width, height), cairo_surface_destroy);
  auto* pixels = cairo_image_surface_get_data(image.get());
  const int stride = cairo_image_surface_get_stride(image.get());
  for (int bin = 0; bin < height; ++bin) {
    auto* row = reinterpret_cast<uint32_t*>(pixels + (height - 1 - bin) * stride);
    for (int t = 0; t < width; ++t) {
      const float value = log_mel(static_cast<std::size_t>(t), static_cast<std::size_t>(bin));
      const double share = std::clamp((value - low) / (high - low), 0.0F, 1.0F);
      const auto level = [share](double power) {
        return static_cast<uint32_t>(255 * (1 - std::pow(share, power)));
      };
      row[t] = level(2.5) << 16 | level(1.5) << 8 | level(0.9);
    }
  }
  cairo_surface_mark_dirty(image.get());
  cairo_save(d.context);
  cairo_translate(d.context, kLeft, d.top);
  cairo_scale(d.context, d.width / width, d.height / height);
  cairo_set_source_surface(d.context, image.get(), 0, 0);
  cairo_pattern_set_filter(cairo_get_source(d.context), CAIRO_FILTER_NEAREST);
  cairo_paint(d.context);
  cairo_restore(d.context);
}

void draw_phones(const Drawing& d, const hmm::Tier& phones) {
  for (const hmm::Label& phone : phones.labels) {
    const double left = d.x(static_cast<double>(phone.start) * 1e-9);
    const double right = d.x(static_cast<double>(phone.end) * 1e-9);
    cairo_set_source_rgb(d.context, 0.87, 0.92, 0.97);
    cairo_rectangle(d.context, left, d.top, right - left, d.height);
    cairo_fill_preserve(d.context);
    cairo_set_source_rgb(d.context, 0.5, 0.5, 0.5);
    cairo_set_line_width(d.context, 0.5);
    cairo_stroke(d.context);
    cairo_set_source_rgb(d.context, 0, 0, 0);
    draw_text(d, left + 1, d.y(0.35), phone.text, 10);
  }
}

void draw_states(const Drawing& d, const std::vector<DecodePicture::State>& states) {
  int last = 1;
  for (const auto& state : states) last = std::max(last, state.state);
  cairo_set_source_rgb(d.context, 0.55, 0.15, 0.15);
  cairo_set_line_width(d.context, 2);
  for (const auto& state : states) {
    const double y = d.y(static_cast<double>(state.state) / last);
    cairo_move_to(d.context, d.x(state.start), y);
    cairo_line_to(d.context, d.x(state.end), y);
  }
  cairo_stroke(d.context);
}

void draw_confidence(const Drawing& d, const std::vector<DecodePicture::State>& states) {
  cairo_set_source_rgba(d.context, 0.1, 0.5, 0.2, 0.6);
  for (const auto& state : states) {
    const double left = d.x(state.start);
    cairo_rectangle(d.context, left, d.y(state.confidence), d.x(state.end) - left,
                    state.confidence * d.height);
  }
  cairo_fill(d.context);
  cairo_set_source_rgb(d.context, 0, 0, 0);
  draw_text(d, kLeft - 22, d.y(1) + 8, "1", 10);
  draw_text(d, kLeft - 22, d.y(0), "0", 10);
}

void draw_time_axis(const Drawing& d) {
  cairo_set_source_rgb(d.context, 0, 0, 0);
  for (int second = 0; second <= static_cast<int>(d.duration); ++second) {
    draw_text(d, d.x(second), d.top + d.height + 18, std::to_string(second) + " s", 11);
  }
}

}  // namespace

void DecodePicture::write_png(const std::filesystem::path& path) const {
  const double width = std::clamp(duration * kPixelsPerSecond, 300.0, 16000.0);
  double height = kTop + kBottom;
  for (const Panel& panel : kPanels) height += panel.height + kGap;
  const std::unique_ptr<cairo_surface_t, decltype(&cairo_surface_destroy)> surface(
      cairo_image_surface_create(CAIRO_FORMAT_RGB24, static_cast<int>(kLeft + width + kRight),
                                 static_cast<int>(height)),
      cairo_surface_destroy);
  const std::unique_ptr<cairo_t, decltype(&cairo_destroy)> context(cairo_create(surface.get()),
                                                                   cairo_destroy);
  cairo_set_source_rgb(context.get(), 1, 1, 1);
  cairo_paint(context.get());
  Drawing drawing{context.get(), width, kTop, 0, duration};
  cairo_set_source_rgb(context.get(), 0, 0, 0);
  draw_text(drawing, kLeft, 24, title, 14);
  for (const Panel& panel : kPanels) {
    drawing.height = panel.height;
    const std::string name = panel.name;
    cairo_set_source_rgb(context.get(), 0, 0, 0);
    draw_text(drawing, 6, drawing.top + panel.height / 2, name, 11);
    if (name == "waveform") draw_waveform(drawing, samples);
    if (name == "log-mel") draw_log_mel(drawing, log_mel);
    if (name == "phones") draw_phones(drawing, phones);
    if (name == "state") draw_states(drawing, states);
    if (name == "confidence") draw_confidence(drawing, states);
    cairo_set_source_rgb(context.get(), 0.7, 0.7, 0.7);
    cairo_set_line_width(context.get(), 1);
    cairo_rectangle(context.get(), kLeft, drawing.top, width, panel.height);
    cairo_stroke(context.get());
    drawing.top += panel.height + kGap;
  }
  drawing.top -= kGap + drawing.height;
  draw_time_axis(drawing);
  const cairo_status_t status = cairo_surface_write_to_png(surface.get(), path.c_str());
  if (status != CAIRO_STATUS_SUCCESS) {
    throw hmm::NotFoundError(path.string() +
                             ": cannot be written: " + cairo_status_to_string(status));
  }
}

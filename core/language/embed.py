"""Writes language tables as a C++ source: embed.py OUTPUT FILE..., each FILE being .../LANGUAGE/NAME."""
import pathlib
import sys


def literal(text: bytes) -> str:
    """C++ string literals, one a line of text; octal escapes end after three digits."""
    lines = [''.join(chr(b) if 0x20 <= b < 0x7F and b not in b'"\\?' else f'\\{b:03o}' for b in line)
             for line in text.splitlines(keepends=True)]
    return '\n'.join(f'     "{line}"' for line in lines) or '     ""'


output, *files = map(pathlib.Path, sys.argv[1:])
with open(output, 'w', encoding='ascii') as source:
    source.write('#include "core/language/built_in_data.h"\n\nnamespace hmm {\nnamespace {\n\n')
    source.write('constexpr BuiltInTable kTables[] = {\n')
    for file in files:
        source.write(f'    {{"{file.parent.name}", "{file.name}",\n{literal(file.read_bytes())}}},\n')
    source.write('};\n\n}  // namespace\n\n')
    source.write('std::span<const BuiltInTable> built_in_tables() { return kTables; }\n\n')
    source.write('}  // namespace hmm\n')

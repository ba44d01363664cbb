{ printf '\377\376'; iconv -f UTF-8 -t UTF-16LE plain.txt; } > template.yaml

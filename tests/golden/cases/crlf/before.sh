awk '{ printf "%s\r\n", $0 }' plain.txt > template.yaml

printf 'ignored/\n' > .gitignore
printf '*.yaml\n!template.yaml\n' > app/kept/.gitignore

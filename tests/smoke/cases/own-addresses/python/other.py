raise RuntimeError("not packaged")

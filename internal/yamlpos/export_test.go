package yamlpos

// FindsAll reports whether the reader finds the texts of all values in the data.
func FindsAll(data []byte) bool {
	r := newReader(data)
	if TextFault(data) == nil {
		r.documents()
	}
	return !r.lost
}

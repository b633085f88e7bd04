package client

// unprinted keeps a value out of the texts of package fmt, which follows pointers and ignores methods for verbs that
// don't fit, but prints only the address of a function. The zero unprinted has the zero value of T.
type unprinted[T any] func() T

func hide[T any](v T) unprinted[T] { return func() T { return v } }

func (u unprinted[T]) get() (v T) {
	if u == nil {
		return v
	}
	return u()
}

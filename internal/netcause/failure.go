package netcause

import "context"

type failureKey struct{}

// WithFailure returns a context for the wait after a failed attempt.
func WithFailure(ctx context.Context, err error) context.Context {
	return context.WithValue(ctx, failureKey{}, err)
}

// Failure returns the error of the failed attempt, nil for other contexts.
func Failure(ctx context.Context) error {
	err, _ := ctx.Value(failureKey{}).(error)
	return err
}

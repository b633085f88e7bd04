package redisstore

// ErrUnusable is the error of a Redis that the store must not use.
var ErrUnusable = errUnusable

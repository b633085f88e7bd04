// Package atlas is the third-party integrations API of MongoDB Atlas, v2: types, client and server
// interface, all of it generated.
package atlas

//go:generate go run github.com/atlasint/atlasint/cmd/atlasint generate --targets types,client,server -o atlas.gen.go

// Package msix replaces the module that nfpm uses for MSIX packages of Windows, which no release here contains. The real
// module isn't available from every module proxy, and the release tool links less code without it. Only what
// nfpm/v2/msix uses exists; both functions that would do work return an error.
package msix

import (
	"crypto"
	"crypto/x509"
	"errors"
	"io"
)

var errUnsupported = errors.New("MSIX packages aren't supported")

// Builder contains the settings of a package.
type Builder struct {
	Manifest    Manifest
	SignOptions *SignOptions
}

// NewBuilder returns an empty Builder.
func NewBuilder() *Builder { return &Builder{} }

// AddFile returns an error.
func (*Builder) AddFile(_, _ string) error { return errUnsupported }

// Build returns an error and writes nothing.
func (*Builder) Build(io.Writer) error { return errUnsupported }

// LoadPFX returns an error.
func LoadPFX(_, _ string) (*x509.Certificate, crypto.PrivateKey, []*x509.Certificate, error) {
	return nil, nil, nil, errUnsupported
}

// The types below have the fields that nfpm sets.
type (
	Manifest struct {
		Identity     Identity
		Properties   Properties
		Dependencies Dependencies
		Resources    []Resource
		Applications []Application
		Capabilities Capabilities
	}
	Identity           struct{ Name, Version, Publisher, ProcessorArchitecture, ResourceID string }
	Properties         struct{ DisplayName, PublisherDisplayName, Logo, Description string }
	Dependencies       struct{ TargetDeviceFamilies []TargetDeviceFamily }
	TargetDeviceFamily struct{ Name, MinVersion, MaxVersionTested string }
	Resource           struct{ Language string }
	Application        struct {
		ID, Executable, EntryPoint string
		VisualElements             VisualElements
	}
	VisualElements struct{ DisplayName, Description, BackgroundColor, Square150x150Logo, Square44x44Logo string }
	Capabilities   struct {
		Capabilities       []Capability
		DeviceCapabilities []DeviceCapability
		Restricted         []RestrictedCapability
	}
	Capability           struct{ Name string }
	DeviceCapability     struct{ Name string }
	RestrictedCapability struct{ Name string }
	SignOptions          struct {
		Certificate *x509.Certificate
		PrivateKey  crypto.PrivateKey
		CertChain   []*x509.Certificate
	}
)

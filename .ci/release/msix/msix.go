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
	// Manifest describes a package.
	Manifest struct {
		Identity     Identity
		Properties   Properties
		Dependencies Dependencies
		Resources    []Resource
		Applications []Application
		Capabilities Capabilities
	}
	// Identity names a package.
	Identity struct{ Name, Version, Publisher, ProcessorArchitecture, ResourceID string }
	// Properties are shown to users.
	Properties struct{ DisplayName, PublisherDisplayName, Logo, Description string }
	// Dependencies lists the versions of Windows.
	Dependencies struct{ TargetDeviceFamilies []TargetDeviceFamily }
	// TargetDeviceFamily is a version of Windows.
	TargetDeviceFamily struct{ Name, MinVersion, MaxVersionTested string }
	// Resource is a language.
	Resource struct{ Language string }
	// Application is a program in a package.
	Application struct {
		ID, Executable, EntryPoint string
		VisualElements             VisualElements
	}
	// VisualElements describes a tile.
	VisualElements struct{ DisplayName, Description, BackgroundColor, Square150x150Logo, Square44x44Logo string }
	// Capabilities lists what a package may use.
	Capabilities struct {
		Capabilities       []Capability
		DeviceCapabilities []DeviceCapability
		Restricted         []RestrictedCapability
	}
	// Capability is a general capability.
	Capability struct{ Name string }
	// DeviceCapability is a capability of a device.
	DeviceCapability struct{ Name string }
	// RestrictedCapability needs an approval.
	RestrictedCapability struct{ Name string }
	// SignOptions are a certificate and its key.
	SignOptions struct {
		Certificate *x509.Certificate
		PrivateKey  crypto.PrivateKey
		CertChain   []*x509.Certificate
	}
)

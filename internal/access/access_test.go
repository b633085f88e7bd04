package access_test

import (
	"net/netip"
	"strings"
	"testing"

	"github.com/atlasint/atlasint/internal/access"
)

func TestRoles(t *testing.T) {
	for name, want := range map[string]struct{ write, create bool }{
		"":                {true, true},
		"ORG_OWNER":       {true, true},
		"GROUP_OWNER":     {true, false},
		"ORG_READ_ONLY":   {false, false},
		"GROUP_READ_ONLY": {false, false},
	} {
		r, err := access.ParseRole(name)
		if err != nil {
			t.Errorf("%q: %v", name, err)
		}
		if got := r.CanWrite(); got != want.write {
			t.Errorf("%q can write: %t, want %t", name, got, want.write)
		}
		if got := r.CanCreateProjects(); got != want.create {
			t.Errorf("%q can create projects: %t, want %t", name, got, want.create)
		}
		if !strings.Contains(access.Roles, name) {
			t.Errorf("%q is missing in %q", name, access.Roles)
		}
	}
	for _, name := range []string{"org_owner", "ORG_OWNER ", "ORG_MEMBER", "hunter2"} {
		r, err := access.ParseRole(name)
		if r.CanWrite() {
			t.Errorf("%q: the role %s can write", name, r)
		}
		if err == nil {
			t.Errorf("%q is accepted", name)
		} else if strings.Contains(err.Error(), "hunter2") {
			t.Errorf("%q: the error contains the name: %v", name, err)
		}
	}
}

func TestList(t *testing.T) {
	for _, tc := range []struct {
		entry, remote string
		want          bool
	}{
		{"192.0.2.7", "192.0.2.7:1", true},
		{"192.0.2.7", "192.0.2.8:1", false},
		{"192.0.2.7", "[::ffff:192.0.2.7]:1", true},
		{"::ffff:192.0.2.7", "192.0.2.7:1", true},
		{"10.0.0.0/8", "10.255.1.2:65535", true},
		{"10.1.2.3/8", "10.255.1.2:65535", true},
		{"10.0.0.0/8", "11.0.0.1:1", false},
		{"0.0.0.0/0", "203.0.113.9:1", true},
		{"0.0.0.0/0", "[2001:db8::1]:1", false},
		{"2001:db8::/32", "[2001:db8:1::2]:443", true},
		{"fe80::1", "[fe80::1%eth0]:443", true},
		{"::/0", "192.0.2.7:1", false},
		{"0.0.0.0/0", "", false},
		{"::/0", "@", false},
	} {
		prefix, err := access.ParseEntry(tc.entry)
		if err != nil {
			t.Errorf("%s: %v", tc.entry, err)
			continue
		}
		if got := (access.List{netip.MustParsePrefix("198.51.100.1/32"), prefix}).Allows(access.Peer(tc.remote)); got != tc.want {
			t.Errorf("%s from %s: %t, want %t", tc.entry, tc.remote, got, tc.want)
		}
	}
	if !(access.List{}).Allows(access.Peer("")) {
		t.Error("an empty list allows all")
	}
}

func TestEntriesAreChecked(t *testing.T) {
	for _, entry := range []string{
		"", "/", "hunter2", "localhost", "192.0.2.256", "192.0.2.7:80", "10.0.0.0/33", "10.0.0.0/", "10.0.0.0/-1", "10.0.0.0/8/8", "192.0.2.7 ",
		"fe80::1%eth0", "fe80::%hunter2/64", "::ffff:10.0.0.0/104", "1.2.3", "010.0.0.1",
	} {
		if prefix, err := access.ParseEntry(entry); err == nil || strings.Contains(err.Error(), "hunter2") {
			t.Errorf("%q: %v, %v", entry, prefix, err)
		}
	}
}

package signin

import (
	"time"

	"github.com/superapp-go/superapp/fault"
	"github.com/superapp-go/superapp/id"
	"github.com/superapp-go/superapp/workspace"
)

// A Credential is a member's password, as it is stored.
type Credential struct {
	Member id.Member
	// Hash is what the [Hasher] made; "" if the member has no password.
	Hash string
	// MustChange says that somebody else has set it: it serves to set another.
	MustChange bool
	// SetAt is when it was set; ExpiresAt ends one that must be changed, and is zero
	// for any other.
	SetAt, ExpiresAt time.Time
}

// What may be wrong with a right password.
var (
	// ErrMustChange: the password was right, and serves only to change it.
	ErrMustChange = fault.Define(fault.ErrState, "signin.must_change", "the password must be changed first: call ChangePassword")
	// ErrExpired: the password was right, but it was set by somebody else and its
	// time is over.
	ErrExpired = fault.Define(fault.ErrState, "signin.expired", "the password was reset, and its time is over: ask for another reset")
)

// verdict returns nil for a password that signs in at the time, [ErrMustChange] or
// [ErrExpired].
func (c Credential) verdict(s workspace.Security, now time.Time) error {
	switch {
	case c.MustChange && !now.Before(c.ExpiresAt):
		return ErrExpired
	case c.MustChange, s.MaxAge != 0 && !now.Before(c.SetAt.Add(s.MaxAge)):
		return ErrMustChange
	}
	return nil
}

// setAs reports whether the credential was set when the other was, and as that was:
// if not, another hash is that of another password.
func (c Credential) setAs(d Credential) bool {
	return c.Hash != "" && c.SetAt.Equal(d.SetAt) && c.MustChange == d.MustChange
}

// A Default is the password that a reset gives in a workspace, as it is stored.
type Default struct {
	// Hash is what the [Hasher] made; "" if there is none.
	Hash string
	// Policy is the one that it was checked by.
	Policy Policy
	SetAt  time.Time
}

// ErrDefaultOutdated is the error for a reset to a default password that was set
// before the workspace asked for more.
var ErrDefaultOutdated = fault.Define(fault.ErrState, "signin.default_outdated",
	"the default password was set under a laxer policy than the workspace has now: set another")

// usable returns [ErrDefaultOutdated] unless the default was checked by a policy
// as strict as this one.
func (d Default) usable(p Policy) error {
	if d.Hash != "" && !d.Policy.covers(p) {
		return ErrDefaultOutdated
	}
	return nil
}

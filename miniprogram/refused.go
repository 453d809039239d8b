package miniprogram

import (
	"fmt"
	"strings"

	"github.com/superapp-go/superapp/fault"
	"github.com/superapp-go/superapp/id"
)

var (
	// ErrChanged is the error for releasing, or bringing back, a version of which
	// something that was reviewed has been changed since (V3, P7). One that was
	// approved is new again.
	ErrChanged = fault.Define(fault.ErrState, "miniprogram.version_changed", "what was reviewed has been changed since: submit the version again")
	// ErrNeverReleased is the error for rolling back onto a version that was never
	// released.
	ErrNeverReleased = fault.Define(fault.ErrState, "miniprogram.version_never_released",
		"the version was never released to everybody: roll back onto one that was")
	// ErrOffline is the error for rolling back while the mini program is offline.
	ErrOffline = fault.Define(fault.ErrState, "miniprogram.is_offline",
		"the mini program is offline: bring it back, or release another version")
	// ErrNotPublished is the error for taking offline what no user gets.
	ErrNotPublished = fault.Define(fault.ErrState, "miniprogram.not_published",
		"only a published mini program is taken offline: no version is in grayscale or released")
	// ErrNotOffline is the error for bringing back a mini program that is not
	// offline.
	ErrNotOffline = fault.Define(fault.ErrState, "miniprogram.not_offline", "the mini program is not offline")
	// ErrNothingBack is the error for bringing back a mini program that has no
	// version for it.
	ErrNothingBack = fault.Define(fault.ErrState, "miniprogram.nothing_back",
		"no version was released when it was taken offline, or it was submitted again since: release one")
	// ErrUnverified is the error for bringing back a mini program of a workspace
	// that the platform operator has not verified (W1).
	ErrUnverified = fault.Define(fault.ErrState, "miniprogram.unverified",
		"the workspace or its tenant is not verified: have the platform operator verify it first")
)

// ErrOtherVersion is what every [OtherVersionError] is.
var ErrOtherVersion = fault.Define(fault.ErrState, "miniprogram.version_other", "another version of the mini program is in the way")

// OtherVersionError is the error for what a version cannot have while another one
// has it: one is under review at a time (V3), one in pilot testing or grayscale
// (V5).
type OtherVersionError struct {
	// Version is the one in the way.
	Version id.Version
	Number  string
	Status  VersionStatus
}

// Error names the version in the way.
func (e *OtherVersionError) Error() string {
	do := "release it or cancel its release first"
	if e.Status == UnderReview {
		do = "wait for the decision, or withdraw the request"
	}
	return fmt.Sprintf("version %s is %s: %s", e.Number, e.Status, do)
}

// Code returns "miniprogram.version_other".
func (e *OtherVersionError) Code() string { return ErrOtherVersion.Code() }

// Unwrap returns [ErrOtherVersion].
func (e *OtherVersionError) Unwrap() error { return ErrOtherVersion }

func (v Version) inTheWay() error {
	return &OtherVersionError{Version: v.ID, Number: v.Number, Status: v.Status}
}

// ErrLower is what every [LowerError] is.
var ErrLower = fault.Define(fault.ErrState, "miniprogram.version_lower", "the version's number is lower than that of the released one")

// LowerError is the error for submitting or releasing a version with a lower
// number than that of the one that everybody gets: rolling back is for that.
type LowerError struct {
	Number, Full string
}

// Error names both numbers.
func (e *LowerError) Error() string {
	return fmt.Sprintf("version %s is lower than %s, the released one: upload a greater one, or roll back", e.Number, e.Full)
}

// Code returns "miniprogram.version_lower".
func (e *LowerError) Code() string { return ErrLower.Code() }

// Unwrap returns [ErrLower].
func (e *LowerError) Unwrap() error { return ErrLower }

// ErrIncomplete is what every [IncompleteError] is.
var ErrIncomplete = fault.Define(fault.ErrState, "miniprogram.version_incomplete", "something that the version needs is missing")

// IncompleteError is the error for submitting a version, or rolling back onto it,
// while something is missing (V3, V5).
type IncompleteError struct {
	// Gaps are what the mini program lacks.
	Gaps []Gap
	// Note is the language in which a release note is missing, "" if none is.
	Note string
	// Uncovered are the JSAPIs that the version uses and no attached feature has.
	Uncovered []string
}

// Error lists all that is missing.
func (e *IncompleteError) Error() string {
	var all []string
	for _, g := range e.Gaps {
		all = append(all, g.String())
	}
	if e.Note != "" {
		all = append(all, "release note in "+e.Note)
	}
	for _, name := range e.Uncovered {
		all = append(all, "feature with the JSAPI "+name)
	}
	return "missing: " + strings.Join(all, ", ")
}

// Code returns "miniprogram.version_incomplete".
func (e *IncompleteError) Code() string { return ErrIncomplete.Code() }

// Unwrap returns [ErrIncomplete].
func (e *IncompleteError) Unwrap() error { return ErrIncomplete }

// err returns the error, or nil if nothing is missing.
func (e *IncompleteError) err() error {
	if len(e.Gaps) == 0 && e.Note == "" && len(e.Uncovered) == 0 {
		return nil
	}
	return e
}

// ErrPercent is what every [PercentError] is.
var ErrPercent = fault.Define(fault.ErrState, "miniprogram.version_percent", "the share of the users only grows")

// PercentError is the error for a share of the users that does not grow (V5).
type PercentError struct {
	// Percent is the present share, Wanted the other.
	Percent, Wanted int
}

// Error names both shares.
func (e *PercentError) Error() string {
	return fmt.Sprintf("the share of the users only grows: it is %d %%, wanted %d %%", e.Percent, e.Wanted)
}

// Code returns "miniprogram.version_percent".
func (e *PercentError) Code() string { return ErrPercent.Code() }

// Unwrap returns [ErrPercent].
func (e *PercentError) Unwrap() error { return ErrPercent }

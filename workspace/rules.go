package workspace

import (
	"fmt"
	"strings"
	"time"

	"github.com/superapp-go/superapp/fault"
	"github.com/superapp-go/superapp/id"
	"github.com/superapp-go/superapp/internal/text"
)

// The greatest lengths of what people write about a workspace, in characters.
const (
	MaxName   = 64
	MaxField  = 256 // address, scope, company, representative
	MaxReason = 500
)

// Open returns a new workspace with its business information checked; the error
// is a *fault.InvalidError with everything that is wrong. The tenant is zero
// for a tenant workspace. A tenant starts pending (W1), a developer workspace
// verified: that its tenant opened it is the approval.
func Open(w id.Workspace, tenant id.Workspace, name string, b Business, now time.Time) (Workspace, error) {
	opened := Workspace{ID: w, Tenant: w, Kind: Tenant, Status: Pending, CreatedAt: now, UpdatedAt: now}
	if !tenant.IsZero() {
		opened.Tenant, opened.Kind, opened.Status = tenant, Developer, Verified
	}
	var p fault.Problems
	opened.Name = text.Line(&p, "name", name, 1, MaxName)
	opened.Business = b.check(&p, opened.Kind)
	return opened, p.Err()
}

// check returns the business information as it is stored, and notes what is
// wrong with it for a workspace of the kind.
func (b Business) check(p *fault.Problems, k Kind) Business {
	b.Address = text.Line(p, "business.address", b.Address, 1, MaxField)
	b.Scope = text.Line(p, "business.scope", b.Scope, 1, MaxField)
	b.Email = text.Email(p, "business.email", b.Email)
	switch k {
	case Tenant:
		b.Representative = text.Line(p, "business.representative", b.Representative, 1, MaxField)
		if b.Company != "" {
			p.Add("business.company", "not_allowed", "a tenant workspace has a representative instead")
		}
	case Developer:
		b.Company = text.Line(p, "business.company", b.Company, 1, MaxField)
		if b.Representative != "" {
			p.Add("business.representative", "not_allowed", "a developer workspace has a company instead")
		}
	}
	return b
}

// ErrRemovalGuarded is what every [RemovalError] is.
var ErrRemovalGuarded = fault.Define(fault.ErrState, "workspace.removal_guarded",
	"the workspace still has published mini programs or recent uploads")

// RemovalError says why a developer workspace may not be removed yet (W4).
type RemovalError struct {
	Activity
	// Until is when the last upload is old enough; zero if uploads do not
	// stand in the way.
	Until time.Time
}

const minute = "2006-01-02 15:04 UTC"

// Error names the published mini programs and the last upload.
func (e *RemovalError) Error() string {
	var why []string
	if len(e.Published) > 0 {
		why = append(why, "published mini programs ("+strings.Join(e.Published, ", ")+"), to be taken offline or removed first")
	}
	if !e.Until.IsZero() {
		why = append(why, fmt.Sprintf("a version of %s was uploaded at %s, so wait until %s",
			e.LastUploadTo, e.LastUpload.Format(minute), e.Until.Add(time.Minute-1).Format(minute)))
	}
	return "the workspace cannot be removed yet: " + strings.Join(why, "; ")
}

// Code returns "workspace.removal_guarded".
func (e *RemovalError) Code() string { return ErrRemovalGuarded.Code() }

// Unwrap returns [ErrRemovalGuarded].
func (e *RemovalError) Unwrap() error { return ErrRemovalGuarded }

// ErrNotDeveloper is the error for removing a tenant workspace.
var ErrNotDeveloper = fault.Define(fault.ErrState, "workspace.not_developer",
	"only developer workspaces are removed: disable a tenant workspace instead")

// Remove returns the workspace as removed, or why it may not be: a
// *[RemovalError] while it has a published mini program, or while now is before
// its last upload plus the period (W4).
func (w Workspace) Remove(a Activity, period time.Duration, now time.Time) (Workspace, error) {
	if w.Kind != Developer {
		return w, ErrNotDeveloper
	}
	e := &RemovalError{Activity: a}
	if until := a.LastUpload.Add(period); !a.LastUpload.IsZero() && now.Before(until) {
		e.Until = until
	}
	if len(a.Published) > 0 || !e.Until.IsZero() {
		return w, e
	}
	w.Status, w.UpdatedAt = Removed, now
	return w, nil
}

// ErrSameStatus is the error for giving a workspace the status it has.
var ErrSameStatus = fault.Define(fault.ErrState, "workspace.same_status", "the workspace has this status already")

// ErrRemoved is the error for changing a removed workspace.
var ErrRemoved = fault.Define(fault.ErrState, "workspace.removed", "the workspace was removed")

// checkStatus returns the reason as it is stored, and notes what is wrong with
// setting the status for it. Removed is reached by removal alone.
func checkStatus(p *fault.Problems, s Status, reason string) string {
	if s < Pending || s >= Removed {
		p.Add("status", "not_allowed", "want pending_verification, verified, rejected or disabled")
	}
	min := 0
	if s == Rejected || s == Disabled {
		min = 1
	}
	return text.Line(p, "reason", reason, min, MaxReason)
}

// setStatus returns the workspace with another status. The platform operator
// may set any; removed is final.
func (w Workspace) setStatus(s Status, now time.Time) (Workspace, error) {
	switch {
	case w.Status == Removed:
		return w, ErrRemoved
	case w.Status == s:
		return w, ErrSameStatus
	}
	w.Status, w.UpdatedAt = s, now
	return w, nil
}

package member

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/superapp-go/superapp/fault"
	"github.com/superapp-go/superapp/id"
	"github.com/superapp-go/superapp/rbac"
)

// The limits of a link (M9).
const (
	// MaxLinkUses is the greatest number of people that one link lets in.
	MaxLinkUses = 1000
	// MaxLinkDomains is the greatest number of e-mail domains of a link.
	MaxLinkDomains = 20
)

// A Link is an invitation that is not to one person: whoever has its token may
// become a member, as often as it allows (M9). As it is stored.
type Link struct {
	ID id.Link
	// Workspace is where it leads, Tenant that workspace's tenant.
	Workspace, Tenant id.Workspace
	// Role is the role it gives.
	Role rbac.Role
	// Programs are the mini programs it assigns, in the order of their ids.
	Programs []rbac.HeldProgram
	// Domains are the e-mail domains it is for, normalised and in order; none
	// means any.
	Domains []string
	// MaxUses is how many people it lets in, Uses how many have come.
	MaxUses, Uses int
	// Validity is how long it is valid from its making or last renewal, ExpiresAt
	// the end: now < ExpiresAt.
	Validity  time.Duration
	ExpiresAt time.Time
	// Generation counts its tokens, from 1. Those of an earlier generation no
	// longer work.
	Generation int
	// Maker made or renewed it last; "" if that was the platform operator.
	Maker     id.Account
	CreatedAt time.Time
	UpdatedAt time.Time
	// RevokedAt is when it was revoked; zero if it was not.
	RevokedAt time.Time
}

// A LinkStatus is what a console shows of a link.
type LinkStatus string

// The statuses of a link. None but revoked is stored: the others are computed
// from the count and the clock.
const (
	LinkUsable  LinkStatus = "usable"
	LinkUsedUp  LinkStatus = "used_up"
	LinkExpired LinkStatus = "expired"
	LinkRevoked LinkStatus = "revoked"
)

// LinkStatuses returns every status of a link.
func LinkStatuses() []LinkStatus {
	return []LinkStatus{LinkUsable, LinkUsedUp, LinkExpired, LinkRevoked}
}

// Status returns the status at a time. Of several that hold it is the one that
// is over for good: revoked, then used up, then expired.
func (l Link) Status(now time.Time) LinkStatus {
	switch {
	case !l.RevokedAt.IsZero():
		return LinkRevoked
	case l.Uses >= l.MaxUses:
		return LinkUsedUp
	case !now.Before(l.ExpiresAt):
		return LinkExpired
	}
	return LinkUsable
}

// A LinkAction is something that may be done with a link.
type LinkAction string

// The actions upon a link.
const (
	LinkAccept LinkAction = "accept"
	LinkRenew  LinkAction = "renew"
	LinkRevoke LinkAction = "revoke"
)

// openLink is the state table of links: what may be done in each status, by
// whoever has the right.
var openLink = map[LinkStatus][]LinkAction{
	LinkUsable:  {LinkAccept, LinkRenew, LinkRevoke},
	LinkExpired: {LinkRenew, LinkRevoke},
}

// OpenLinkActions returns what may be done with a link in a status, by whoever
// has the right.
func OpenLinkActions(s LinkStatus) []LinkAction { return slices.Clone(openLink[s]) }

// ErrLinkState is what every [LinkStateError] is.
var ErrLinkState = fault.Define(fault.ErrState, "member.link_state", "the link's status does not allow it")

// LinkStateError is the error for an action that is not open in the link's
// status.
type LinkStateError struct {
	Action LinkAction
	Status LinkStatus
	// Open are the actions that are.
	Open []LinkAction
}

// Error names the status and the actions that are open.
func (e *LinkStateError) Error() string {
	if len(e.Open) == 0 {
		return fmt.Sprintf("cannot %s the link: it is %s, which is final; make another link", e.Action, e.Status)
	}
	names := make([]string, len(e.Open))
	for i, a := range e.Open {
		names[i] = string(a)
	}
	return fmt.Sprintf("cannot %s the link: it is %s, where one may %s", e.Action, e.Status, strings.Join(names, ", "))
}

// Code returns "member.link_state".
func (e *LinkStateError) Code() string { return ErrLinkState.Code() }

// Unwrap returns [ErrLinkState].
func (e *LinkStateError) Unwrap() error { return ErrLinkState }

// may returns a *LinkStateError unless the action is open at the time.
func (l Link) may(a LinkAction, now time.Time) error {
	st := l.Status(now)
	if slices.Contains(openLink[st], a) {
		return nil
	}
	return &LinkStateError{Action: a, Status: st, Open: OpenLinkActions(st)}
}

// Revoke returns the link as revoked.
func (l Link) Revoke(now time.Time) Link {
	l.RevokedAt, l.UpdatedAt = now, now
	return l
}

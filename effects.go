package superapp

import (
	"slices"

	"github.com/superapp-go/superapp/approval"
	"github.com/superapp-go/superapp/audit"
	"github.com/superapp-go/superapp/feature"
	"github.com/superapp-go/superapp/id"
	"github.com/superapp-go/superapp/member"
	"github.com/superapp-go/superapp/miniprogram"
	"github.com/superapp-go/superapp/qrcode"
	"github.com/superapp-go/superapp/rbac"
	"github.com/superapp-go/superapp/role"
	"github.com/superapp-go/superapp/signin"
	"github.com/superapp-go/superapp/workspace"
)

// Effects are what verbs would do: what a console shows before somebody confirms
// (M13). They hold personal data: whoever may take the verb may see them.
type Effects struct {
	// Changes are the changes of state, in the order in which they would stand in
	// the trail.
	Changes []Change
	// Told are those to whom package letter writes of it: who is invited, or whose
	// invitation is withdrawn; whose request is decided or void, or password reset; the
	// admins of a workspace that is removed, or whose mini program is removed, warned of
	// or asked to be put right. Whoever else is concerned stands in Changes alone. Where
	// letters go is the host's to say (letter.Options.Contact): the addresses here are
	// those of the memberships.
	Told []Told
	// Limits are the limits it touches.
	Limits []Limit
	// Digest stands for all of this: see [Platform.Confirm].
	Digest Digest
}

// Ends returns the changes by which something ends.
func (e Effects) Ends() []Change {
	return slices.DeleteFunc(slices.Clone(e.Changes), func(c Change) bool { return !c.Ends })
}

// A Change is one change of state: what its event would tell.
type Change struct {
	// Workspace owns the object.
	Workspace id.Workspace
	// Verb says what would happen, to Object.
	Verb   audit.Verb
	Object rbac.Object
	// Ends says that the object would end, or stop working: a membership, an
	// invitation, a link, an own role, a request, a version, a mini program, a feature,
	// a code, a default password.
	Ends bool
	// Data and Personal are the object's state before and after, in the types that
	// the verb's package documents.
	Data     audit.Data
	Personal audit.Personal
}

// ending are the verbs by which something ends or stops working.
var ending = map[audit.Verb]bool{
	member.EventWithdrawn: true, member.EventBlocked: true, member.EventDeleted: true, member.EventLeft: true,
	member.EventLinkRevoked: true, role.EventDeleted: true, workspace.EventRemoved: true,
	feature.EventRetired: true, signin.EventDefaultCleared: true,
	approval.EventWithdrawn: true, approval.EventVoided: true, approval.EventRejected: true,
	miniprogram.EventOffline: true, miniprogram.EventArchived: true, miniprogram.EventForceRemoved: true,
	miniprogram.EventTeamRemoved: true, miniprogram.EventFeatureDetached: true,
	miniprogram.EventInformationDeleted: true, miniprogram.EventLogoDeleted: true,
	miniprogram.EventReleaseCanceled: true, miniprogram.EventTakenOffline: true, miniprogram.EventSuperseded: true,
	miniprogram.EventWithdrawn: true, miniprogram.EventVoided: true, miniprogram.EventRejected: true, miniprogram.EventReturned: true,
	qrcode.EventRevoked: true, qrcode.EventDeleted: true,
}

// The names of the limits.
const (
	// LimitAdmins: how many active built-in admins a workspace has; one has to
	// remain (M12).
	LimitAdmins = "active_admins"
	// LimitLinkUses: how often a link was used (M9).
	LimitLinkUses = "link_uses"
)

// A Limit is a number that has a bound and would change.
type Limit struct {
	// Name is one of the Limit constants.
	Name string
	// Object is the workspace or link whose number it is.
	Object rbac.Object
	// Before and After are the number, Bound is where it ends.
	Before, After, Bound int
}

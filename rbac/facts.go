package rbac

import (
	"github.com/superapp-go/superapp/fault"
	"github.com/superapp-go/superapp/id"
)

// A Kind is the kind of an [Object].
type Kind uint8

// The kinds of objects a question can be about.
const (
	KindWorkspace Kind = iota + 1
	KindMiniProgram
	KindMember
	KindVersion
	KindQRCode
	KindRequest
	KindFeature
	KindJSAPI
	KindRole
	KindLink
)

var objectKinds = [...]string{
	"nothing", "workspace", "mini_program", "member", "version", "qr_code", "request", "feature", "jsapi", "role", "link",
}

// String returns the name of the kind.
func (k Kind) String() string {
	if int(k) >= len(objectKinds) {
		k = 0
	}
	return objectKinds[k]
}

// An Object names what a question is about, by id alone: the store knows who
// owns it. A version or QR code counts as its mini program, a member, own role or link as
// its workspace, a feature or JSAPI as its tenant's workspace, and a request as the
// mini program or workspace that it is about.
type Object struct {
	Kind Kind
	ID   id.UUID
}

// OnWorkspace is the object for a workspace.
func OnWorkspace(w id.Workspace) Object { return Object{KindWorkspace, w.UUID} }

// OnMiniProgram is the object for a mini program.
func OnMiniProgram(p id.MiniProgram) Object { return Object{KindMiniProgram, p.UUID} }

// OnMember is the object for a member or invitation.
func OnMember(m id.Member) Object { return Object{KindMember, m.UUID} }

// OnVersion is the object for a version.
func OnVersion(v id.Version) Object { return Object{KindVersion, v.UUID} }

// OnQRCode is the object for a QR code.
func OnQRCode(c id.QRCode) Object { return Object{KindQRCode, c.UUID} }

// OnRequest is the object for a request.
func OnRequest(r id.Request) Object { return Object{KindRequest, r.UUID} }

// OnFeature is the object for a feature of a catalogue.
func OnFeature(f id.Feature) Object { return Object{KindFeature, f.UUID} }

// OnJSAPI is the object for a JSAPI of a catalogue.
func OnJSAPI(j id.JSAPI) Object { return Object{KindJSAPI, j.UUID} }

// OnRole is the object for a workspace's own role.
func OnRole(r id.Role) Object { return Object{KindRole, r.UUID} }

// OnLink is the object for an invitation link.
func OnLink(l id.Link) Object { return Object{KindLink, l.UUID} }

// A Query asks the store for the [Facts] about an account and an object. The
// account is "" for the system actor, who needs no membership.
type Query struct {
	Account id.Account
	Object  Object
}

// WorkspaceStatus is the status of a workspace (W1).
type WorkspaceStatus uint8

// The statuses of a workspace.
const (
	// Pending: not yet verified by the platform operator.
	Pending WorkspaceStatus = iota + 1
	// Verified: fully usable.
	Verified
	// Rejected: verification was refused.
	Rejected
	// Disabled: members may look, nothing else.
	Disabled
	// Removed: gone, but for the audit trail.
	Removed
)

var statusNames = [...]string{"", "pending_verification", "verified", "rejected", "disabled", "removed"}

// String returns the stable name of the status.
func (s WorkspaceStatus) String() string {
	if int(s) >= len(statusNames) {
		return "?"
	}
	return statusNames[s]
}

// ErrStatus is the error for an unknown status.
var ErrStatus = fault.Define(fault.ErrInvalid, "rbac.status",
	"unknown workspace status: want pending_verification, verified, rejected, disabled or removed")

// ParseWorkspaceStatus reads a status as [WorkspaceStatus.String] prints it.
func ParseWorkspaceStatus(name string) (WorkspaceStatus, error) {
	for s, n := range statusNames {
		if s > 0 && n == name {
			return WorkspaceStatus(s), nil
		}
	}
	return 0, ErrStatus
}

// MarshalText returns the stable name.
func (s WorkspaceStatus) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// UnmarshalText reads the stable name.
func (s *WorkspaceStatus) UnmarshalText(text []byte) (err error) {
	*s, err = ParseWorkspaceStatus(string(text))
	return err
}

// Presence is whether an account is a member of a workspace.
type Presence uint8

// The presences. Invited, withdrawn and deleted people are absent.
const (
	Absent Presence = iota
	Active
	Blocked
)

// A Membership is an account's place in one workspace, as far as a decision
// needs it.
type Membership struct {
	Member   id.Member
	Presence Presence
	// Role is [CustomKey] if Custom is set, 0 for a role that there is not.
	Role RoleKey
	// Assigned says whether the mini program of the query is assigned to the
	// member, or he is of its team.
	Assigned bool
	// Custom is the workspace's own role that the member has, nil for a built-in
	// one.
	Custom *Custom
}

// Facts are the answer of a store to a [Query]: everything a decision about
// one account and one object depends on, read in one consistent statement.
// It is a plain value; a store fills it, [Matrix.Decide] reads it.
type Facts struct {
	// Found is false if the object does not exist; all else is zero then.
	Found bool
	// Owner is the workspace that owns the object, Tenant the tenant workspace
	// it belongs to: the same if the owner is a tenant workspace.
	Owner, Tenant             id.Workspace
	OwnerStatus, TenantStatus WorkspaceStatus
	// MiniProgram is the mini program that the object is or belongs to, zero
	// if there is none.
	MiniProgram id.MiniProgram
	// Home is the account's membership in Owner.
	Home Membership
	// Above is its membership in Tenant, if Owner is a developer workspace;
	// zero otherwise.
	Above Membership
	// Team is the team role of Home on MiniProgram.
	Team RoleKey
	// Own says whether the account created or submitted the object. Only mini
	// programs, versions, QR codes and requests have somebody who did.
	Own bool
}

// For returns what of the facts counts for an actor: without the memberships
// of other workspaces if he is bound to one. [Matrix.Decide] does so by itself.
func (f Facts) For(a Actor) Facts {
	if !a.within.IsZero() {
		f.bind(a.within)
	}
	return f
}

// bind drops the memberships of other workspaces.
func (f *Facts) bind(w id.Workspace) {
	if f.Owner != w {
		f.Home, f.Team = Membership{}, 0
	}
	if f.Tenant != w {
		f.Above = Membership{}
	}
}

// roles returns the roles that count: of active memberships, zero for none.
func (f *Facts) roles() (held [3]heldRole) {
	if f.Home.Presence == Active {
		held[0], held[1] = f.Home.held(), heldRole{key: f.Team}
	}
	if f.Above.Presence == Active {
		held[2] = f.Above.held()
	}
	return held
}

// A HeldProgram is a mini program that is assigned to a member, or of whose
// team he is.
type HeldProgram struct {
	MiniProgram id.MiniProgram
	// Owner is the workspace that owns it.
	Owner id.Workspace
	// Team is the member's team role on it, 0 if it is only assigned.
	Team RoleKey
}

// A Grant is one membership of an account with everything it reaches: what
// list filters are compiled from.
type Grant struct {
	Member            id.Member
	Workspace, Tenant id.Workspace
	WorkspaceStatus   WorkspaceStatus
	TenantStatus      WorkspaceStatus
	Presence          Presence
	Role              RoleKey
	Programs          []HeldProgram
	// Custom is the workspace's own role, as in [Membership].
	Custom *Custom
}

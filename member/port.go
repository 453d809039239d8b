package member

import (
	"context"
	"time"

	"github.com/superapp-go/superapp/fault"
	"github.com/superapp-go/superapp/id"
	"github.com/superapp-go/superapp/miniprogram"
	"github.com/superapp-go/superapp/rbac"
	"github.com/superapp-go/superapp/unit"
	"github.com/superapp-go/superapp/workspace"
)

// ErrNotFound is the error for a member or invitation that does not exist, or
// that the caller may not know of.
var ErrNotFound = fault.Define(fault.ErrNotFound, "member.not_found", "no such member or invitation")

// A Query is for stores: it selects members, in the order of their ids. Zero fields select
// everything; fields combine.
type Query struct {
	// Workspace selects the members of one workspace, Tenant those of a tenant
	// and of all its developer workspaces.
	Workspace, Tenant id.Workspace
	// Account selects what an account is, or was, in every workspace.
	Account id.Account
	// Email selects one folded address.
	Email string
	// Statuses selects members with one of these at the time Now; nil means
	// any.
	Statuses []Status
	Now      time.Time
	// ExpiresFrom and ExpiresBefore select open invitations, expired or not, whose
	// validity ends at or after the one, or before the other; zero means any.
	// Neither selects an invitation without an end.
	ExpiresFrom, ExpiresBefore time.Time
	// Roles selects members with one of these; nil means any.
	Roles []rbac.Role
	// Name is a folded text that NameKey contains.
	Name string
	// MiniProgram selects those who hold it.
	MiniProgram id.MiniProgram
	// After is the id of the last one not wanted, Limit the greatest number.
	After id.Member
	Limit int
}

// A LinkQuery is for stores: it selects the links of a workspace, in the order of
// their ids. Zero fields select everything; fields combine.
type LinkQuery struct {
	Workspace id.Workspace
	// Statuses selects links with one of these at the time Now; nil means any.
	Statuses []LinkStatus
	Now      time.Time
	// Role selects links that give it.
	Role rbac.Role
	// After is the id of the last one not wanted, Limit the greatest number.
	After id.Link
	Limit int
}

// A Run is for stores: a bulk invitation, as far as it has come.
type Run struct {
	Workspace id.Workspace
	// Key names it in its workspace, compared byte by byte.
	Key string
	// Digest tells its rows from others.
	Digest    [32]byte
	StartedAt time.Time
	// Sent are rows that were sent, in their order.
	Sent []RunRow
}

// A RunRow is for stores: a row of a run that was sent.
type RunRow struct {
	// Row is its place, from 1.
	Row    int
	Member id.Member
}

// A RunQuery is for stores: it selects a run, and its rows From..To; none if To is
// 0.
type RunQuery struct {
	Workspace id.Workspace
	Key       string
	From, To  int
}

// A Lookup is for stores: it names what a verb needs to know, read all at once.
// Zero fields ask for nothing. Of Token, LinkToken, Member and Link one at most is
// given, and no e-mail is empty.
type Lookup struct {
	// Token is the hash of a token: it finds the member whose token it is, and
	// sets Workspace.
	Token [32]byte
	// LinkToken is the hash of a link's token: it finds the link, and sets
	// Workspace.
	LinkToken [32]byte
	// Member is a member.
	Member id.Member
	// Link is a link.
	Link id.Link
	// Workspace is where Emails, Account, Admins and First look.
	Workspace id.Workspace
	// Emails are folded addresses of people who may be there already.
	Emails []string
	// Account is somebody who may be there already.
	Account id.Account
	// Admins asks how many active built-in admins there are.
	Admins bool
	// First asks for the open invitation of a first admin.
	First bool
	// Programs are mini programs to find the owners of.
	Programs []id.MiniProgram
	// Settings asks for what Workspace and its tenant set.
	Settings bool
}

// Found is for stores: the answer to a [Lookup].
type Found struct {
	// Member is the member of Token or Member; its ID is zero if there is none.
	Member Member
	// Link is the link of LinkToken or Link; its ID is zero if there is none.
	Link Link
	// TokenHash and Generation are those of the token as stored: the service
	// compares the hash once more, in constant time.
	TokenHash  [32]byte
	Generation int
	// Workspace is the member's or link's, TenantStatus the status of its tenant;
	// with a token only.
	Workspace    workspace.Workspace
	TenantStatus workspace.Status
	// Sender is the facts of the member's last sender, or the link's maker, on the
	// workspace; with a token only, and zero if it was the platform operator.
	Sender rbac.Facts
	// Open are the open records with one of Emails: invited, active, inactive;
	// in the order of their ids.
	Open []Member
	// Present is the active or inactive member whose account is Account; zero
	// if there is none.
	Present id.Member
	// Admins counts the active members with a built-in admin role.
	Admins int
	// First is the member with an open invitation, expired or not, who was named
	// first admin; its ID is zero if there is none.
	First Member
	// Programs are those of Programs that exist, in the order of their ids.
	Programs []Program
	// Own and Above are what Workspace and its tenant set; the same for a tenant.
	Own, Above workspace.Settings
}

// A Program is for stores: what a [Lookup] finds of a mini program.
type Program struct {
	ID            id.MiniProgram
	Owner, Tenant id.Workspace
	Archived      bool
}

// A Reader is for stores: it reads members.
type Reader interface {
	miniprogram.Reader
	// Member returns one; [ErrNotFound] if there is none.
	Member(ctx context.Context, m id.Member) (Member, error)
	// Members returns those of the query.
	Members(ctx context.Context, q Query) ([]Member, error)
	// Links returns the links of the query.
	Links(ctx context.Context, q LinkQuery) ([]Link, error)
	// Run returns the run of a bulk invitation, with those of its rows that the query
	// asks for; the zero Run if there is none.
	Run(ctx context.Context, q RunQuery) (Run, error)
	// Lookup reads what a verb needs, as few round trips as the engine can.
	Lookup(ctx context.Context, l Lookup) (Found, error)
}

// A Tx is for stores: it changes members.
type Tx interface {
	Reader
	miniprogram.Tx
	// InsertMember stores a new member with his mini programs. The service has
	// seen to it that no open record of the workspace has the e-mail, and no
	// present one the account; a store answers [ErrPresent] all the same if one
	// has, as late as from the commit.
	InsertMember(ctx context.Context, m Member) error
	// UpdateMember replaces a stored member and his mini programs; whatever is
	// given, his ID, Workspace, Tenant and CreatedAt stay. The password of a deleted
	// one is erased, if he had any (M14). [ErrPresent] as above.
	UpdateMember(ctx context.Context, m Member) error
	// InsertToken stores the hash of a token of a member's invitation.
	InsertToken(ctx context.Context, hash [32]byte, m id.Member, generation int) error
	// InsertLink stores a new link.
	InsertLink(ctx context.Context, l Link) error
	// UpdateLink replaces a stored link; whatever is given, its ID, Workspace,
	// Tenant and CreatedAt stay. [ErrLinkNotFound] if there is none.
	UpdateLink(ctx context.Context, l Link) error
	// InsertLinkToken stores the hash of a token of a link.
	InsertLinkToken(ctx context.Context, hash [32]byte, l id.Link, generation int) error
	// InsertRun stores a new run, without rows, and forgets all of its workspace that
	// were started before a time, with their rows.
	InsertRun(ctx context.Context, r Run, before time.Time) error
	// InsertRunRows stores rows of a run that were sent.
	InsertRunRows(ctx context.Context, w id.Workspace, key string, rows []RunRow) error
}

// A Store is what the service needs.
type Store = unit.Store[Reader, Tx]

// ErrPresent is the error for an e-mail or account that is a member of the
// workspace already, or invited to it (M6).
var ErrPresent = fault.Define(fault.ErrExists, "member.present",
	"already a member of the workspace, or invited to it")

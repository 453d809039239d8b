// Package superapptest gives tests a platform to work with: on the memory
// store, with a clock that stands still, ids that count, and people in every
// role.
//
//	func TestUpload(t *testing.T) {
//		k := superapptest.New(t, nil)
//		err := k.Access.Check(t.Context(), k.As(rbac.Developer), rbac.UploadVersion, rbac.OnMiniProgram(k.Shop))
//		...
//	}
//
// Every unit of work is rolled back once and run again, so that a test finds
// what a database may do to it at any time. The package imports nothing beyond
// this module and the standard library.
package superapptest

import (
	"context"
	"encoding/binary"
	"strings"
	"sync/atomic"
	"testing"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/superapp-go/superapp"
	"github.com/superapp-go/superapp/id"
	"github.com/superapp-go/superapp/member"
	"github.com/superapp-go/superapp/miniprogram"
	"github.com/superapp-go/superapp/rbac"
	"github.com/superapp-go/superapp/signin"
	"github.com/superapp-go/superapp/storage"
	"github.com/superapp-go/superapp/storage/memory"
	"github.com/superapp-go/superapp/storage/storagetest"
	"github.com/superapp-go/superapp/workspace"
)

// Start is where the clock of a kit stands at first.
var Start = time.Date(2026, time.January, 5, 9, 0, 0, 0, time.UTC)

// Options configure a [Kit]. Nil means the defaults.
type Options struct {
	// Store is what the platform works on. Default: a new memory store.
	Store storage.Store
	// Platform is how it is built; its Clock and NewID are the kit's. Default:
	// superapp.Options' defaults, but that it keeps passwords, with a [Hasher].
	Platform superapp.Options
	// NoRerun runs every unit once only. Default: each is rolled back and run
	// again.
	NoRerun bool
}

// A Kit is a platform with people in it: a verified tenant workspace, a
// developer workspace under it, a mini program in each, and an active member in
// each workspace role, all made through the verbs:
//
//	role                    in        assigned  team role
//	workspace_admin         Tenant    -         admin of App, which he created
//	workspace_reviewer      Tenant    nothing   -
//	workspace_developer     Tenant    App       developer of App
//	workspace_operator      Tenant    nothing   -
//	mini_program_inspector  Tenant    -         -
//	developer_admin         Merchant  -         admin of Shop, which he created
//	developer               Merchant  Shop      developer of Shop
//	operator                Merchant  Shop      -
//
// Its methods fail the test that it was made with.
type Kit struct {
	*superapp.Platform
	// Clock is the platform's.
	Clock *Clock
	// Store is what the platform works on, without the reruns.
	Store storage.Store
	// Tenant and Merchant are the two workspaces.
	Tenant, Merchant id.Workspace
	// App is the tenant's mini program, Shop the merchant's.
	App, Shop id.MiniProgram

	t       testing.TB
	people  map[rbac.Role]member.Member
	options Options
}

// System is the platform operator in kits.
var System = rbac.System("superapptest")

// New makes a kit. It fails the test if it cannot.
func New(t testing.TB, o *Options) *Kit {
	t.Helper()
	k := Empty(t, o)
	ctx := context.Background()
	tenant, _, err := k.OpenTenant(ctx, System, superapp.Open{
		Name:     "Riverbank Wallet",
		Business: workspace.Business{Address: "1 River Street", Scope: "payments", Representative: "Ada Admin", Email: "ada@wallet.example"},
		Admin:    member.First{Account: Account(rbac.WorkspaceAdmin), Email: Email(rbac.WorkspaceAdmin), Name: "Workspace Admin"},
	})
	k.must(err)
	k.Tenant = tenant.Workspace.ID
	k.people[rbac.WorkspaceAdmin] = tenant.Admin
	k.must(k.Workspaces.SetStatus(ctx, System, k.Tenant, workspace.Verified, ""))
	merchant, _, err := k.OpenDeveloper(ctx, k.As(rbac.WorkspaceAdmin), k.Tenant, superapp.Open{
		Name:     "Corner Coffee",
		Business: workspace.Business{Company: "Corner Coffee Ltd", Address: "2 Hill Road", Scope: "coffee", Email: "office@coffee.example"},
		Admin:    member.First{Account: Account(rbac.DeveloperAdmin), Email: Email(rbac.DeveloperAdmin), Name: "Developer Admin"},
	})
	k.must(err)
	k.Merchant = merchant.Workspace.ID
	k.people[rbac.DeveloperAdmin] = merchant.Admin
	k.App = k.Create(rbac.WorkspaceAdmin, k.Tenant, "Travel Cards")
	k.Shop = k.Create(rbac.DeveloperAdmin, k.Merchant, "Coffee Shop")
	for _, info := range rbac.Roles() {
		if info.Place != rbac.TeamPlace && !info.Admin {
			k.people[info.Role] = k.Join(info.Role, string(info.Role))
		}
	}
	return k
}

// Empty makes a kit with nothing in it yet.
func Empty(t testing.TB, o *Options) *Kit {
	t.Helper()
	k := &Kit{Clock: &Clock{}, t: t, people: make(map[rbac.Role]member.Member)}
	if o != nil {
		k.options = *o
	}
	k.Clock.Set(Start)
	k.Store = k.options.Store
	if k.Store == nil {
		k.Store = memory.New()
	}
	var ids atomic.Uint64
	if k.options.Platform.SignIn == nil {
		k.options.Platform.SignIn = &signin.Options{Hasher: &Hasher{}}
	}
	k.options.Platform.Clock = k.Clock.Now
	k.options.Platform.NewID = func() id.UUID { return count(ids.Add(1)) }
	k.Platform = k.Over(k.Store)
	return k
}

// Over returns the kit's platform over another store: one that fails, say, or
// that counts.
func (k *Kit) Over(s storage.Store) *superapp.Platform {
	k.t.Helper()
	if !k.options.NoRerun {
		s = storagetest.Rerun(s)
	}
	p, err := superapp.New(s, &k.options.Platform)
	k.must(err)
	return p
}

// FailAt returns the kit's platform over a store whose n-th call fails with
// storagetest.ErrInjected, counted from 1; the calls before and after it work.
// Every method of a store, snapshot or transaction is a call, and so is a
// commit. Reruns are off there, so that n counts what one run of a verb asks of
// the store. Trying n = 1, 2, ... until the verb succeeds shows whether it ever
// leaves anything half done.
func (k *Kit) FailAt(n int) *superapp.Platform {
	k.t.Helper()
	p, err := superapp.New(storagetest.FailAt(k.Store, n), &k.options.Platform)
	k.must(err)
	return p
}

// As returns the actor for the person in a workspace role; team roles have
// nobody of their own.
func (k *Kit) As(role rbac.Role) rbac.Actor { return rbac.User(Account(role)) }

// Member returns the person in a workspace role, as he joined.
func (k *Kit) Member(role rbac.Role) member.Member {
	k.t.Helper()
	m, ok := k.people[role]
	if !ok {
		k.t.Fatalf("superapptest: nobody is %q here", role)
	}
	return m
}

// Account is the account of the person in a role.
func Account(role rbac.Role) id.Account { return id.Account("acc-" + string(role)) }

// Email is the address of the person in a role.
func Email(role rbac.Role) string { return string(role) + "@people.example" }

// Create makes a mini program in a workspace as the person in a role.
func (k *Kit) Create(as rbac.Role, w id.Workspace, name string) id.MiniProgram {
	k.t.Helper()
	p, err := k.MiniPrograms.Create(context.Background(), k.As(as), miniprogram.Create{
		Workspace: w, Type: miniprogram.DSL, Language: "en", Name: name,
	})
	k.must(err)
	return p.ID
}

// Invite invites somebody into the role's workspace, the tenant or the
// merchant, and returns the record and the token. Roles that need a mini program
// get that workspace's. Where letters take the tokens (member.Options.Letters), the
// token is one as the letter would have. The handle makes his account "acc-<handle>" and his
// address "<handle>@people.example".
func (k *Kit) Invite(role rbac.Role, handle string) (member.Member, member.Token) {
	k.t.Helper()
	info, ok := role.Info()
	if !ok {
		k.t.Fatalf("superapptest: unknown role %q", role)
	}
	in := member.Invite{Workspace: k.Tenant, Email: handle + "@people.example", Name: title(handle), Role: role}
	by, program := rbac.WorkspaceAdmin, k.App
	if info.Place == rbac.DeveloperPlace {
		in.Workspace, by, program = k.Merchant, rbac.DeveloperAdmin, k.Shop
	}
	if info.Assignment == rbac.RequiredAssignment {
		in.MiniPrograms = []id.MiniProgram{program}
	}
	m, token, err := k.Members.Invite(context.Background(), k.As(by), in)
	k.must(err)
	if k.options.Platform.Members != nil && k.options.Platform.Members.Letters {
		token, err = k.Members.Mint(context.Background(), System, m.ID, m.Invitation.Generation)
		k.must(err)
	}
	return m, token
}

// Join invites somebody as [Kit.Invite] does, and lets him accept.
func (k *Kit) Join(role rbac.Role, handle string) member.Member {
	k.t.Helper()
	_, token := k.Invite(role, handle)
	m, err := k.Members.Accept(context.Background(), token, Person(handle))
	k.must(err)
	return m
}

// Person is the account of somebody with a handle, his e-mail verified.
func Person(handle string) member.Account {
	return member.Account{ID: id.Account("acc-" + handle), Email: handle + "@people.example", EmailVerified: true}
}

func title(handle string) string {
	words := strings.FieldsFunc(handle, func(r rune) bool { return r == '_' || r == '-' || r == '.' })
	for i, w := range words {
		first, size := utf8.DecodeRuneInString(w)
		words[i] = string(unicode.ToTitle(first)) + w[size:]
	}
	return strings.Join(words, " ")
}

func (k *Kit) must(err error) {
	k.t.Helper()
	if err != nil {
		k.t.Fatalf("superapptest: %v", err)
	}
}

// count makes the n-th id: a UUID of version 7 that ends in n.
func count(n uint64) id.UUID {
	u := id.UUID{6: 0x70, 8: 0x80}
	binary.BigEndian.PutUint32(u[12:], uint32(n))
	return u
}

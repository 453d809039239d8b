package signin_test

import (
	"context"
	"errors"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/superapp-go/superapp"
	"github.com/superapp-go/superapp/audit"
	"github.com/superapp-go/superapp/fault"
	"github.com/superapp-go/superapp/id"
	"github.com/superapp-go/superapp/internal/testkit"
	"github.com/superapp-go/superapp/page"
	"github.com/superapp-go/superapp/rbac"
	"github.com/superapp-go/superapp/signin"
	"github.com/superapp-go/superapp/storage"
	"github.com/superapp-go/superapp/superapptest"
	"github.com/superapp-go/superapp/workspace"
)

const (
	phrase  = signin.Password("a long and strange phrase")
	another = signin.Password("another strange phrase")
)

// A kit is a platform whose hashes are counted.
type kit struct {
	*superapptest.Kit
	t      *testing.T
	hasher *superapptest.Hasher
}

// onStores runs a test with a kit on each of the embedded stores.
func onStores(t *testing.T, test func(*testing.T, *kit)) {
	t.Helper()
	for name, open := range testkit.Stores() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			test(t, newKit(t, open(t)))
		})
	}
}

func newKit(t *testing.T, s storage.Store) *kit {
	t.Helper()
	h := &superapptest.Hasher{}
	return &kit{superapptest.New(t, &superapptest.Options{Store: s, Platform: superapp.Options{SignIn: &signin.Options{Hasher: h}}}), t, h}
}

// developer is the merchant's, with a password.
func (k *kit) developer() rbac.Actor {
	k.t.Helper()
	require.NoError(k.t, k.SignIn.SetPassword(k.t.Context(), k.As(rbac.Developer), k.Merchant, phrase))
	return k.As(rbac.Developer)
}

// try signs the merchant's developer in.
func (k *kit) try(p signin.Password) (signin.SignedIn, error) {
	return k.as(superapptest.Email(rbac.Developer), p)
}

// as signs somebody in at the merchant's.
func (k *kit) as(name string, p signin.Password) (signin.SignedIn, error) {
	return k.SignIn.SignIn(k.t.Context(), signin.SignIn{Workspace: k.Merchant, Name: name, Password: p})
}

// change changes the password of the merchant's developer.
func (k *kit) change(present, p signin.Password) (signin.SignedIn, error) {
	return k.SignIn.ChangePassword(k.t.Context(), signin.Change{
		Workspace: k.Merchant, Name: superapptest.Email(rbac.Developer), Present: present, New: p,
	})
}

// reset resets the password of the merchant's developer.
func (k *kit) reset() signin.Given {
	k.t.Helper()
	g, err := k.SignIn.Reset(k.t.Context(), k.As(rbac.DeveloperAdmin), k.id(), "forgot it")
	require.NoError(k.t, err)
	return g
}

// id is the merchant's developer.
func (k *kit) id() id.Member { return k.Member(rbac.Developer).ID }

func (k *kit) status() signin.Status {
	k.t.Helper()
	st, err := k.SignIn.Status(k.t.Context(), k.As(rbac.DeveloperAdmin), k.id())
	require.NoError(k.t, err)
	return st
}

// set sets the merchant's, or the tenant's, security.
func (k *kit) set(w id.Workspace, s workspace.Security) {
	k.t.Helper()
	_, err := k.Workspaces.SetSettings(k.t.Context(), superapptest.System, w, workspace.Settings{Security: s})
	require.NoError(k.t, err)
}

// events are the merchant's about passwords, oldest first.
func (k *kit) events() (found []audit.Event) {
	k.t.Helper()
	all, err := k.Audit.List(k.t.Context(), superapptest.System, audit.Filter{Workspace: k.Merchant}, page.Request{Size: page.MaxSize})
	require.NoError(k.t, err)
	for _, e := range all.Items {
		if len(e.Verb) > 9 && e.Verb[:9] == "password." {
			found = append(found, e)
		}
	}
	return found
}

// hash is what is stored of the developer's password.
func (k *kit) hash() (hash string) {
	k.t.Helper()
	require.NoError(k.t, k.Store.View(k.t.Context(), func(ctx context.Context, r storage.Reader) error {
		kept, err := r.Passwords(ctx, signin.Query{Member: k.id()})
		hash = kept.Credential.Hash
		return err
	}))
	return hash
}

// problem fails unless the error is one problem of that field and reason.
func problem(t *testing.T, err error, field, reason string) {
	t.Helper()
	invalid, ok := errors.AsType[*fault.InvalidError](err)
	require.True(t, ok, "err = %v", err)
	require.Len(t, invalid.Problems, 1)
	require.Equal(t, []string{field, reason}, []string{invalid.Problems[0].Field, invalid.Problems[0].Reason})
}

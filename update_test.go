package superapp_test

import (
	"context"
	"errors"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/superapp-go/superapp"
	"github.com/superapp-go/superapp/audit"
	"github.com/superapp-go/superapp/id"
	"github.com/superapp-go/superapp/internal/testkit"
	"github.com/superapp-go/superapp/member"
	"github.com/superapp-go/superapp/miniprogram"
	"github.com/superapp-go/superapp/page"
	"github.com/superapp-go/superapp/rbac"
	"github.com/superapp-go/superapp/storage"
	"github.com/superapp-go/superapp/storage/memory"
	"github.com/superapp-go/superapp/superapptest"
	"github.com/superapp-go/superapp/workspace"
)

var errStop = errors.New("the host changed its mind")

// newProgram asks for a mini program of the kit's merchant.
func newProgram(k *superapptest.Kit, name string) miniprogram.Create {
	return miniprogram.Create{Workspace: k.Merchant, Type: miniprogram.DSL, Language: "en", Name: name}
}

func TestUpdate(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]func(*testing.T, *superapptest.Kit){
		"several verbs are one unit": func(t *testing.T, k *superapptest.Kit) {
			var (
				shop  miniprogram.MiniProgram
				token member.Token
				runs  int
			)
			before := len(trail(t, k, superapptest.System, k.Merchant))
			require.NoError(t, k.Update(t.Context(), func(ctx context.Context, p *superapp.Platform) (err error) {
				runs++
				if shop, err = p.MiniPrograms.Create(ctx, k.As(rbac.DeveloperAdmin), newProgram(k, "Noodles")); err != nil {
					return err
				}
				_, token, err = p.Members.Invite(ctx, k.As(rbac.DeveloperAdmin), member.Invite{
					Workspace: k.Merchant, Email: "nia@people.example", Name: "Nia", Role: rbac.Developer, MiniPrograms: []id.MiniProgram{shop.ID},
				})
				return err
			}, k.Merchant))
			require.Equal(t, 2, runs, "the kit runs every unit twice")
			require.Len(t, trail(t, k, superapptest.System, k.Merchant), before+3, "and it is stored once")
			_, err := k.Members.Accept(t.Context(), token, superapptest.Person("nia"))
			require.NoError(t, err, "the token is that of the run that counts")
			require.NoError(t, k.Access.Check(t.Context(), rbac.User("acc-nia"), rbac.UploadVersion, rbac.OnMiniProgram(shop.ID)))
		},
		"all or nothing": func(t *testing.T, k *superapptest.Kit) {
			before := stored(t, k.Store)
			var token member.Token
			err := k.Update(t.Context(), func(ctx context.Context, p *superapp.Platform) (err error) {
				if _, err = p.MiniPrograms.Create(ctx, k.As(rbac.DeveloperAdmin), newProgram(k, "Noodles")); err != nil {
					return err
				}
				if _, token, err = p.OpenDeveloper(ctx, superapptest.System, k.Tenant, market(member.First{Email: "mo@people.example", Name: "Mo"})); err != nil {
					return err
				}
				if _, err = p.Members.Block(ctx, k.As(rbac.DeveloperAdmin), k.Member(rbac.Developer).ID, ""); err != nil {
					return err
				}
				return errStop
			})
			require.Equal(t, errStop, err, "the error is fn's own")
			require.Equal(t, before, stored(t, k.Store))
			_, err = k.Members.Inspect(t.Context(), token)
			require.ErrorIs(t, err, member.ErrTokenUnknown)
			require.NoError(t, k.Access.Check(t.Context(), k.As(rbac.Developer), rbac.UploadVersion, rbac.OnMiniProgram(k.Shop)))
		},
		"a verb that fails alone leaves nothing of itself": func(t *testing.T, k *superapptest.Kit) {
			before := len(trail(t, k, superapptest.System, k.Merchant))
			require.NoError(t, k.Update(t.Context(), func(ctx context.Context, p *superapp.Platform) error {
				_, _, err := p.Members.InviteAll(ctx, k.As(rbac.DeveloperAdmin), member.InviteAll{Workspace: k.Merchant, Invitees: []member.Invite{
					{Email: "nia@people.example", Name: "Nia", Role: rbac.DeveloperAdmin},
					{Email: "nobody", Name: "Oli", Role: rbac.DeveloperAdmin},
				}})
				require.ErrorIs(t, err, member.ErrBatch)
				_, err = p.MiniPrograms.Create(ctx, k.As(rbac.DeveloperAdmin), newProgram(k, "Coffee Shop"))
				require.ErrorIs(t, err, miniprogram.ErrNameTaken)
				require.ErrorIs(t, p.RemoveDeveloper(ctx, k.As(rbac.DeveloperAdmin), k.Merchant, "closed"), rbac.ErrDenied)
				_, err = p.Members.Block(ctx, k.As(rbac.DeveloperAdmin), k.Member(rbac.Operator).ID, "")
				return err
			}))
			events := trail(t, k, superapptest.System, k.Merchant)
			require.Len(t, events, before+1)
			require.Equal(t, member.EventBlocked, events[before].Verb)
			people, err := k.Members.List(t.Context(), superapptest.System, member.Filter{Workspace: k.Merchant, Email: "nia@people.example"}, page.Request{})
			require.NoError(t, err)
			require.Empty(t, people.Items)
			verifyAll(t, k)
		},
		"units within units": func(t *testing.T, k *superapptest.Kit) {
			var kept, lost miniprogram.MiniProgram
			require.NoError(t, k.Update(t.Context(), func(ctx context.Context, p *superapp.Platform) (err error) {
				kept, err = p.MiniPrograms.Create(ctx, k.As(rbac.DeveloperAdmin), newProgram(k, "Noodles"))
				require.NoError(t, err)
				require.Equal(t, errStop, p.Update(ctx, func(ctx context.Context, p *superapp.Platform) (err error) {
					lost, err = p.MiniPrograms.Create(ctx, k.As(rbac.DeveloperAdmin), newProgram(k, "Dumplings"))
					require.NoError(t, err)
					return errStop
				}))
				return nil
			}))
			_, err := k.MiniPrograms.Get(t.Context(), superapptest.System, kept.ID)
			require.NoError(t, err)
			_, err = k.MiniPrograms.Get(t.Context(), superapptest.System, lost.ID)
			require.ErrorIs(t, err, miniprogram.ErrNotFound)
			verifyAll(t, k)
		},
		"it reads what it wrote, and nobody else does": func(t *testing.T, k *superapptest.Kit) {
			require.NoError(t, k.Update(t.Context(), func(ctx context.Context, p *superapp.Platform) error {
				shop, err := p.MiniPrograms.Create(ctx, k.As(rbac.DeveloperAdmin), newProgram(k, "Noodles"))
				require.NoError(t, err)
				d, err := p.MiniPrograms.Get(ctx, k.As(rbac.DeveloperAdmin), shop.ID)
				require.NoError(t, err)
				require.Equal(t, shop, d.MiniProgram)
				require.NoError(t, p.Access.Check(ctx, k.As(rbac.DeveloperAdmin), rbac.ManageTeam, rbac.OnMiniProgram(shop.ID)))
				events, err := p.Audit.Verify(ctx, k.As(rbac.DeveloperAdmin), k.Merchant)
				require.NoError(t, err)
				require.NotZero(t, events.Seq)

				_, err = k.MiniPrograms.Get(t.Context(), k.As(rbac.DeveloperAdmin), shop.ID)
				require.ErrorIs(t, err, miniprogram.ErrNotFound, "from outside")
				return nil
			}))
		},
		"the platform outside refuses the context inside": func(t *testing.T, k *superapptest.Kit) {
			before := stored(t, k.Store)
			require.NoError(t, k.Update(t.Context(), func(ctx context.Context, _ *superapp.Platform) error {
				_, err := k.MiniPrograms.Create(ctx, k.As(rbac.DeveloperAdmin), newProgram(k, "Noodles"))
				require.ErrorIs(t, err, storage.ErrNested)
				_, err = k.MiniPrograms.Get(ctx, k.As(rbac.DeveloperAdmin), k.Shop)
				require.ErrorIs(t, err, storage.ErrNested)
				err = k.Update(ctx, func(context.Context, *superapp.Platform) error { return nil })
				require.ErrorIs(t, err, storage.ErrNested)
				err = k.Access.Check(ctx, k.As(rbac.Developer), rbac.UploadVersion, rbac.OnMiniProgram(k.Shop))
				require.ErrorIs(t, err, storage.ErrNested)
				return nil
			}))
			require.Equal(t, before, stored(t, k.Store))
		},
		"the platform inside ends with the unit": func(t *testing.T, k *superapptest.Kit) {
			var inner *superapp.Platform
			require.NoError(t, k.Update(t.Context(), func(_ context.Context, p *superapp.Platform) error {
				inner = p
				return nil
			}))
			before := stored(t, k.Store)
			_, err := inner.MiniPrograms.Create(t.Context(), k.As(rbac.DeveloperAdmin), newProgram(k, "Noodles"))
			require.Error(t, err)
			_, err = inner.MiniPrograms.Get(t.Context(), k.As(rbac.DeveloperAdmin), k.Shop)
			require.Error(t, err)
			require.Equal(t, before, stored(t, k.Store))
		},
		"a context cancelled inside leaves nothing": func(t *testing.T, k *superapptest.Kit) {
			before := stored(t, k.Store)
			ctx, cancel := context.WithCancel(t.Context())
			err := k.Update(ctx, func(ctx context.Context, p *superapp.Platform) error {
				_, err := p.MiniPrograms.Create(ctx, k.As(rbac.DeveloperAdmin), newProgram(k, "Noodles"))
				cancel()
				return err
			})
			require.ErrorIs(t, err, context.Canceled)
			require.Equal(t, before, stored(t, k.Store))
		},
		"workspaces to lock may be unknown, or named twice": func(t *testing.T, k *superapptest.Kit) {
			require.NoError(t, k.Update(t.Context(), func(ctx context.Context, p *superapp.Platform) error {
				return p.Workspaces.SetStatus(ctx, superapptest.System, k.Merchant, workspace.Disabled, "unpaid")
			}, nowhere, k.Merchant, k.Tenant, k.Merchant, id.Workspace{}))
		},
		"two workspaces in one unit": func(t *testing.T, k *superapptest.Kit) {
			require.NoError(t, k.Update(t.Context(), func(ctx context.Context, p *superapp.Platform) error {
				_, err := p.Members.Block(ctx, superapptest.System, k.Member(rbac.Developer).ID, "left")
				if err != nil {
					return err
				}
				_, err = p.Members.Block(ctx, superapptest.System, k.Member(rbac.WorkspaceDeveloper).ID, "left")
				return err
			}))
			for _, w := range []id.Workspace{k.Tenant, k.Merchant} {
				events := trail(t, k, superapptest.System, w)
				require.Equal(t, member.EventBlocked, events[len(events)-1].Verb)
			}
			verifyAll(t, k)
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			testkit.OnStores(t, superapptest.Options{}, test)
		})
	}
}

// TestWith: the same platform over another store.
func TestWith(t *testing.T) {
	t.Parallel()

	t.Run("another store", func(t *testing.T) {
		t.Parallel()
		testkit.OnStores(t, superapptest.Options{}, func(t *testing.T, k *superapptest.Kit) {
			before := stored(t, k.Store)
			other := k.With(memory.New())
			o, _, err := other.OpenTenant(t.Context(), superapptest.System, secondWallet(member.First{Account: "acc-bo", Name: "Bo"}))
			require.NoError(t, err)
			require.Equal(t, k.Clock.Now(), o.Workspace.CreatedAt, "by the same clock")
			_, err = k.Workspaces.Get(t.Context(), superapptest.System, o.Workspace.ID)
			require.ErrorIs(t, err, workspace.ErrNotFound)
			require.Equal(t, before, stored(t, k.Store))
		})
	})

	t.Run("the options stay", func(t *testing.T) {
		t.Parallel()
		matrix, err := rbac.BuiltIn().With(rbac.Edits{Cells: []rbac.Cell{
			{Permission: rbac.RemoveDeveloperWorkspace, Role: rbac.WorkspaceReviewer, Scope: rbac.InTenant},
		}})
		require.NoError(t, err)
		k := superapptest.New(t, &superapptest.Options{Platform: superapp.Options{RemovalPeriod: 1, Matrix: matrix}})
		_, err = k.MiniPrograms.UploadVersion(t.Context(), superapptest.System, upload(k.Shop, "1.0.0"))
		require.NoError(t, err)
		k.Clock.Advance(1000)
		require.NoError(t, k.With(k.Store).RemoveDeveloper(t.Context(), k.As(rbac.WorkspaceReviewer), k.Merchant, "closed"))
	})

	for _, commit := range []bool{true, false} {
		name := map[bool]string{true: "the host commits", false: "the host rolls back"}[commit]
		t.Run("a transaction that "+name, func(t *testing.T) {
			t.Parallel()
			db, store := hostDB(t)
			k := superapptest.New(t, &superapptest.Options{Store: store})
			before := stored(t, store)

			tx, err := db.BeginTx(t.Context(), nil)
			require.NoError(t, err)
			_, err = tx.ExecContext(t.Context(), "INSERT INTO orders (what) VALUES ('a new shop')")
			require.NoError(t, err)
			bound := k.With(store.Bind(tx))
			shop, err := bound.MiniPrograms.Create(t.Context(), k.As(rbac.DeveloperAdmin), newProgram(k, "Noodles"))
			require.NoError(t, err)
			_, err = bound.MiniPrograms.Create(t.Context(), k.As(rbac.DeveloperAdmin), newProgram(k, "noodles"))
			require.ErrorIs(t, err, miniprogram.ErrNameTaken, "an error leaves the transaction usable")
			require.NoError(t, bound.Update(t.Context(), func(ctx context.Context, p *superapp.Platform) error {
				_, err := p.Members.Block(ctx, k.As(rbac.DeveloperAdmin), k.Member(rbac.Developer).ID, "")
				return err
			}))

			var orders int
			if !commit {
				require.NoError(t, tx.Rollback())
				require.Equal(t, before, stored(t, store))
				require.NoError(t, db.QueryRowContext(t.Context(), "SELECT count(*) FROM orders").Scan(&orders))
				require.Zero(t, orders)
				return
			}
			require.NoError(t, tx.Commit())
			_, err = k.MiniPrograms.Get(t.Context(), k.As(rbac.DeveloperAdmin), shop.ID)
			require.NoError(t, err)
			var verbs []audit.Verb
			for _, e := range trail(t, k, superapptest.System, k.Merchant) {
				verbs = append(verbs, e.Verb)
			}
			require.Equal(t, []audit.Verb{miniprogram.EventCreated, miniprogram.EventTeamAdded, member.EventBlocked}, verbs[len(verbs)-3:])
			require.NoError(t, db.QueryRowContext(t.Context(), "SELECT count(*) FROM orders").Scan(&orders))
			require.Equal(t, 1, orders)
			verifyAll(t, k)
		})
	}
}

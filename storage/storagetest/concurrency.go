package storagetest

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync/atomic"

	"github.com/superapp-go/superapp/approval"
	"github.com/superapp-go/superapp/feature"
	"github.com/superapp-go/superapp/id"
	"github.com/superapp-go/superapp/member"
	"github.com/superapp-go/superapp/miniprogram"
	"github.com/superapp-go/superapp/rbac"
	"github.com/superapp-go/superapp/storage"
	"github.com/superapp-go/superapp/unit"
	"github.com/superapp-go/superapp/workspace"
)

// many is how many goroutines race.
const many = 16

// errMissing: a unit did not find what had been there before it began.
var errMissing = errors.New("what was stored is missing")

var concurrency = slices.Concat(races, codeRaces, guessRaces, deliveryRaces, denialRaces)

var races = []testCase{
	{"one of many accepts wins", "units about one workspace run one after the other, however they name it: of many that accept an invitation if it is still open exactly one finds it open (M8)", func(b *bench) {
		t := b.newTown()
		scopes := []unit.Scope{on(t.developer.ID), {Token: t.token.hash}, {Query: rbac.Query{Object: rbac.OnMember(t.guest.ID)}}, {Query: rbac.Query{Object: rbac.OnWorkspace(t.developer.ID)}}}
		won := b.race(many, func(i int, s storage.Store) error {
			return s.Update(b.Context(), scopes[i%len(scopes)], func(ctx context.Context, tx storage.Tx) error {
				found, err := tx.Lookup(ctx, member.Lookup{Token: t.token.hash})
				if err != nil {
					return err
				}
				m := found.Member
				if m.ID != t.guest.ID {
					return errMissing
				}
				if m.State != member.Invited {
					return errStop
				}
				m.State, m.Account, m.JoinedAt = member.Active, id.Account(fmt.Sprint("u-", i)), now
				return tx.UpdateMember(ctx, m)
			})
		})
		b.winners(won, 1, errStop)
	}},
	{"the last admin stays", "units that each demote an admin if another is left, counted under the lock, never leave none (M12)", func(b *bench) {
		t := b.newTown()
		second := b.member(t.developer, rbac.DeveloperAdmin)
		b.put(second)
		errs := b.race(many, func(i int, s storage.Store) error {
			who := []member.Member{t.admin, second}[i%2]
			return s.Update(b.Context(), on(t.developer.ID), func(ctx context.Context, tx storage.Tx) error {
				found, err := tx.Lookup(ctx, member.Lookup{Member: who.ID, Workspace: t.developer.ID, Admins: true})
				if err != nil {
					return err
				}
				if found.Admins == 0 {
					return errMissing
				}
				if found.Admins < 2 || found.Member.Role != rbac.DeveloperAdmin {
					return errStop
				}
				found.Member.Role = rbac.Developer
				return tx.UpdateMember(ctx, found.Member)
			})
		})
		b.winners(errs, 1, errStop)
		b.same("the number of admins", b.lookup(member.Lookup{Workspace: t.developer.ID, Admins: true}).Admins, 1)
	}},
	{"no event is lost", "units that append to one trail each find the head where the last one left it: the places have no gap and nobody fails", func(b *bench) {
		t := b.newTown()
		b.winners(b.race(many, func(_ int, s storage.Store) error {
			return s.Update(b.Context(), on(t.developer.ID), func(ctx context.Context, tx storage.Tx) error {
				h, err := tx.Head(ctx, t.developer.ID)
				if err != nil {
					return err
				}
				return tx.AppendEvent(ctx, b.event(t.developer, h.Seq+1))
			})
		}), many, nil)
		b.same("the head's place", b.head(t.developer.ID).Seq, many+1)
	}},
	{"a limit holds", "units that lock a tenant beside a workspace of their own, count under the lock what is in the tenant, and add to it while there is room, never go beyond the limit", func(b *bench) {
		t := b.newTown()
		other := b.developer(t.tenant)
		b.put(other)
		operators := member.Query{Tenant: t.tenant.ID, Roles: []rbac.Role{rbac.Operator}, Limit: 3}
		var all []member.Member
		for i := range many {
			all = append(all, b.member([]workspace.Workspace{t.developer, other}[i%2], rbac.Operator))
		}
		b.winners(b.race(many, func(i int, s storage.Store) error {
			return s.Update(b.Context(), on(t.tenant.ID, all[i].Workspace), func(ctx context.Context, tx storage.Tx) error {
				found, err := tx.Members(ctx, operators)
				if err != nil {
					return err
				}
				if len(found) == operators.Limit {
					return errStop
				}
				return tx.InsertMember(ctx, all[i])
			})
		}), operators.Limit, errStop)
	}},
	{"the store is the last line", "even units that do not look first cannot store an e-mail twice: one succeeds, the others get member.ErrPresent", func(b *bench) {
		t := b.newTown()
		var all []member.Member
		for range many {
			all = append(all, b.member(t.developer, rbac.Operator, invited, func(m *member.Member) { m.Email = "same@people.example" }))
		}
		b.winners(b.race(many, func(i int, s storage.Store) error {
			return s.Update(b.Context(), on(t.developer.ID), func(ctx context.Context, tx storage.Tx) error { return tx.InsertMember(ctx, all[i]) })
		}), 1, member.ErrPresent)
		b.same("the number stored", len(b.people(member.Query{Email: "same@people.example", Limit: plenty})), 1)
	}},
	{"the last line holds for accounts", "even units that do not look first cannot bring an account in twice by several invitations: one succeeds, the others get member.ErrPresent", func(b *bench) {
		t := b.newTown()
		var all []member.Member
		for range many {
			all = append(all, b.member(t.developer, rbac.Operator, invited))
			b.put(all[len(all)-1])
		}
		b.winners(b.race(many, func(i int, s storage.Store) error {
			m := all[i]
			m.State, m.Account, m.JoinedAt = member.Active, "u-same", now
			return s.Update(b.Context(), on(t.developer.ID), func(ctx context.Context, tx storage.Tx) error { return tx.UpdateMember(ctx, m) })
		}), 1, member.ErrPresent)
		b.same("the number present", len(b.people(member.Query{Account: "u-same", Limit: plenty})), 1)
	}},
	{"the last line holds for names", "units in different workspaces of a tenant do not wait for each other, and still cannot store a name twice: one succeeds, the others get miniprogram.ErrNameTaken", func(b *bench) {
		t := b.newTown()
		var all []program
		for i := range many {
			all = append(all, b.program([]workspace.Workspace{t.developer, t.tenant}[i%2], named("en", "same")))
		}
		b.winners(b.race(many, func(i int, s storage.Store) error {
			return s.Update(b.Context(), on(all[i].Workspace), func(ctx context.Context, tx storage.Tx) error { return insert(ctx, tx, all[i]) })
		}), 1, miniprogram.ErrNameTaken)
	}},
	{"one of many submissions wins", "of many units that submit the same at once exactly one stores its request; the others find it when they look, under the lock, or get approval.ErrOpen if they do not look", func(b *bench) {
		t := b.newTown()
		for _, looks := range []bool{true, false} {
			change := b.request(t.developer, approval.WorkspaceChange, rbac.OnWorkspace(t.developer.ID))
			if looks {
				change = b.request(t.developer, approval.Removal, rbac.OnMiniProgram(t.program.ID), ofProgram(t.program))
			}
			all := make([]approval.Request, many)
			for i := range all {
				all[i] = change
				all[i].ID, all[i].Submitter = id.Request{UUID: b.uuid()}, id.Account(fmt.Sprint("u-", i))
			}
			b.about("units that look first: %v", looks)
			b.winners(b.race(many, func(i int, s storage.Store) error {
				return s.Update(b.Context(), on(t.developer.ID), func(ctx context.Context, tx storage.Tx) error {
					if looks {
						d, err := tx.Dossier(ctx, miniprogram.Subject{MiniProgram: t.program.ID})
						if err != nil {
							return err
						}
						if slices.ContainsFunc(d.Requests, func(r approval.Request) bool { return r.OpenKey() == change.OpenKey() }) {
							return approval.ErrOpen
						}
					}
					return tx.InsertRequest(ctx, all[i])
				})
			}), 1, approval.ErrOpen)
		}
	}},
	{"the last line holds for catalogues", "units that define a feature of the same name at once leave one: the others get feature.ErrNameTaken", func(b *bench) {
		t := b.newTown()
		all := make([]feature.Feature, many)
		for i := range all {
			all[i] = b.feature(t.tenant, func(f *feature.Feature) { f.NameKey = "same" })
		}
		b.winners(b.race(many, func(i int, s storage.Store) error {
			return s.Update(b.Context(), on(t.tenant.ID), func(ctx context.Context, tx storage.Tx) error { return tx.PutFeature(ctx, all[i]) })
		}), 1, feature.ErrNameTaken)
	}},
	{"units about several workspaces do not block each other for ever", "scopes that name the same workspaces in different orders are locked in one order: all units end", func(b *bench) {
		t := b.newTown()
		b.winners(b.race(many, func(i int, s storage.Store) error {
			scope := on(t.developer.ID, t.tenant.ID)
			if i%2 == 0 {
				scope = on(t.tenant.ID, t.developer.ID)
			}
			return s.Update(b.Context(), scope, func(ctx context.Context, tx storage.Tx) error {
				for _, w := range []workspace.Workspace{t.tenant, t.developer} {
					h, err := tx.Head(ctx, w.ID)
					if err != nil {
						return err
					}
					if err := tx.AppendEvent(ctx, b.event(w, h.Seq+1)); err != nil {
						return err
					}
				}
				return nil
			})
		}), many, nil)
		b.same("the head's place", b.head(t.tenant.ID).Seq, many)
	}},
	{"readers see whole units only", "while units move two records together, no View and no list ever sees one moved and the other not", func(b *bench) {
		t := b.newTown()
		var stop atomic.Bool
		errs := b.race(4, func(i int, s storage.Store) error {
			if i == 0 {
				defer stop.Store(true)
				for n := range 40 {
					status := []workspace.Status{workspace.Verified, workspace.Disabled}[n%2]
					if err := s.Update(b.Context(), on(t.tenant.ID, t.developer.ID), func(ctx context.Context, tx storage.Tx) error {
						t, d := t.tenant, t.developer
						t.Status, d.Status = status, status
						if err := tx.UpdateWorkspace(ctx, t); err != nil {
							return err
						}
						return tx.UpdateWorkspace(ctx, d)
					}); err != nil {
						return err
					}
				}
				return nil
			}
			for {
				last := stop.Load()
				if err := b.whole(s, t); err != nil || last {
					return err
				}
			}
		})
		b.winners(errs, 4, nil)
	}},
}

// whole reads a town's two workspaces in three ways and fails if they differ.
func (b *bench) whole(s storage.Store, t town) error {
	f, err := s.Facts(b.Context(), rbac.Query{Account: t.admin.Account, Object: rbac.OnMiniProgram(t.program.ID)})
	if err != nil {
		return err
	}
	if f.OwnerStatus != f.TenantStatus {
		return errors.New("facts of two states in one answer")
	}
	return s.View(b.Context(), func(ctx context.Context, r storage.Reader) error {
		list, err := r.Workspaces(ctx, workspace.Query{Tenant: t.tenant.ID, Limit: 2})
		if err != nil {
			return err
		}
		w, err := r.Workspace(ctx, t.tenant.ID)
		if err != nil {
			return err
		}
		if len(list) != 2 || list[0].Status != list[1].Status || list[0].Status != w.Status {
			return errors.New("two states in one View")
		}
		return nil
	})
}

// winners fails unless n units succeeded and all others failed with the error.
func (b *bench) winners(errs []error, n int, others error) {
	b.Helper()
	won := 0
	for _, err := range errs {
		if err == nil {
			won++
			continue
		}
		b.is(err, others)
	}
	b.same("the number of units that succeeded", won, n)
}

package storagetest

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/superapp-go/superapp/fault"
	"github.com/superapp-go/superapp/id"
	"github.com/superapp-go/superapp/member"
	"github.com/superapp-go/superapp/rbac"
	"github.com/superapp-go/superapp/signin"
	"github.com/superapp-go/superapp/storage"
	"github.com/superapp-go/superapp/workspace"
)

var passwords = []testCase{
	{"a password is kept and replaced", "PutCredential keeps every field and replaces all of what was there; of a member without a password, and of nobody, Credential is the zero value", func(b *bench) {
		t := b.newTown()
		b.same("no password", b.credential(t.admin.ID), signin.Credential{})
		b.same("nobody's", b.credential(id.Member{UUID: b.uuid()}), signin.Credential{})
		one := signin.Credential{Member: t.admin.ID, Hash: "$Argon2id$ é ", MustChange: true, SetAt: now, ExpiresAt: now.Add(time.Hour)}
		for _, c := range []signin.Credential{one, {Member: t.admin.ID, Hash: "b", SetAt: now.Add(time.Microsecond)}, one} {
			b.do(on(t.developer.ID), func(ctx context.Context, tx storage.Tx) error { return tx.PutCredential(ctx, c) })
			b.same("the password", b.credential(t.admin.ID), c)
		}
		b.same("another's", b.credential(t.guest.ID), signin.Credential{})
		b.is(b.update(on(t.developer.ID), func(ctx context.Context, tx storage.Tx) error {
			return tx.PutCredential(ctx, signin.Credential{Member: id.Member{UUID: b.uuid()}, Hash: "c", SetAt: now})
		}), fault.ErrNotFound)
	}},
	{"a password ends with the membership", "UpdateMember of a deleted member erases his password, and of no other state or member", func(b *bench) {
		t := b.newTown()
		other := b.member(t.developer, rbac.Operator)
		b.put(other)
		for _, m := range []member.Member{t.admin, other} {
			b.do(on(t.developer.ID), func(ctx context.Context, tx storage.Tx) error {
				return tx.PutCredential(ctx, signin.Credential{Member: m.ID, Hash: "a", SetAt: now})
			})
		}
		for _, s := range []member.State{member.Inactive, member.Active, member.Deleted} {
			m := t.admin
			m.State = s
			b.do(on(t.developer.ID), func(ctx context.Context, tx storage.Tx) error { return tx.UpdateMember(ctx, m) })
			b.same("whether "+string(s)+" he has one", b.credential(m.ID).Hash == "a", s != member.Deleted)
		}
		b.same("the other's", b.credential(other.ID).Hash, "a")
	}},
	{"failures are counted by workspace and key", "PutAttempts keeps what is counted under a key, nothing for no failures, and Attempts finds it by the workspace and the key; where nothing is stored it has those alone", func(b *bench) {
		t, key := b.newTown(), [32]byte{0, 1, 255}
		a := signin.Attempts{Workspace: t.developer.ID, Key: key, Failures: 3, Until: now.Add(time.Hour)}
		none := func(w workspace.Workspace, key [32]byte) signin.Attempts {
			return signin.Attempts{Workspace: w.ID, Key: key}
		}
		b.count(a, now)
		b.same("the failures", b.attempts(t.developer, key), a)
		b.same("those of another key", b.attempts(t.developer, [32]byte{1}), none(t.developer, [32]byte{1}))
		b.same("those elsewhere", b.attempts(t.tenant, key), none(t.tenant, key))
		a.Failures, a.Until = 4, now.Add(2*time.Hour)
		b.count(a, now)
		b.same("one more", b.attempts(t.developer, key), a)
		a.Failures = 0
		b.count(a, now)
		b.same("none", b.attempts(t.developer, key), none(t.developer, key))
		b.count(a, now)
		a.Failures, a.Workspace = 1, id.Workspace{UUID: b.uuid()}
		b.is(b.update(on(t.developer.ID), func(ctx context.Context, tx storage.Tx) error { return tx.PutAttempts(ctx, a, now) }), fault.ErrNotFound)
	}},
	{"failures that have ended are forgotten", "PutAttempts forgets what ends at or before the time it is told, in its workspace, so that names that nobody has do not fill the store", func(b *bench) {
		t := b.newTown()
		until := func(w workspace.Workspace, n byte, d time.Duration) signin.Attempts {
			return signin.Attempts{Workspace: w.ID, Key: [32]byte{n}, Failures: 1, Until: now.Add(d)}
		}
		for _, a := range []signin.Attempts{
			until(t.developer, 1, time.Hour-time.Microsecond), until(t.developer, 2, time.Hour), until(t.developer, 3, time.Hour+time.Microsecond),
			until(t.tenant, 1, time.Minute),
		} {
			b.count(a, now)
		}
		b.count(until(t.developer, 4, 2*time.Hour), now.Add(time.Hour))
		var left []string
		for n := range byte(5) {
			left = append(left, fmt.Sprint(b.attempts(t.developer, [32]byte{n}).Failures))
		}
		b.same("what is left", left, []string{"0", "0", "0", "1", "1"})
		b.same("elsewhere", b.attempts(t.tenant, [32]byte{1}).Failures, 1)
	}},
	{"a default password is kept and cleared", "PutDefaultPassword keeps every field, replaces what was there, and clears it if there is no hash; each workspace has its own", func(b *bench) {
		t := b.newTown()
		b.same("none", b.standard(t.developer), signin.Default{})
		d := signin.Default{Hash: "$a", Policy: signin.Policy{MinLength: 12, Classes: 3}, SetAt: now}
		for _, d := range []signin.Default{d, {Hash: "$b", SetAt: now.Add(time.Hour)}, {}, {}, d} {
			b.do(on(t.developer.ID), func(ctx context.Context, tx storage.Tx) error {
				return tx.PutDefaultPassword(ctx, t.developer.ID, d)
			})
			b.same("the default", b.standard(t.developer), d)
			b.same("the tenant's", b.standard(t.tenant), signin.Default{})
		}
		b.is(b.update(on(t.developer.ID), func(ctx context.Context, tx storage.Tx) error {
			return tx.PutDefaultPassword(ctx, id.Workspace{UUID: b.uuid()}, d)
		}), fault.ErrNotFound)
	}},
	{"what is not there is forgotten without an error", "PutAttempts without failures and PutDefaultPassword without a hash take away what there is and answer nil where there is nothing, be it the workspace", func(b *bench) {
		t, nowhere := b.newTown(), id.Workspace{UUID: b.uuid()}
		for _, w := range []id.Workspace{t.developer.ID, nowhere} {
			b.do(on(t.developer.ID), func(ctx context.Context, tx storage.Tx) error {
				return errors.Join(
					tx.PutAttempts(ctx, signin.Attempts{Workspace: w, Key: [32]byte{5}}, now),
					tx.PutDefaultPassword(ctx, w, signin.Default{}),
				)
			})
		}
	}},
	{"what is not asked for is not told", "Passwords answers what the query asks for and leaves the rest zero: the member with his mini programs, what is counted, the default; of nobody it tells as much without an error", func(b *bench) {
		t, key := b.newTown(), [32]byte{3}
		m := b.member(t.developer, rbac.Developer, holding(rbac.MiniProgramDeveloper.Key(), t.program))
		b.put(m)
		all := signin.Kept{
			Member:     m,
			Credential: signin.Credential{Member: m.ID, Hash: "a", SetAt: now},
			Attempts:   signin.Attempts{Workspace: t.developer.ID, Key: key, Failures: 1, Until: now.Add(time.Hour)},
			Default:    signin.Default{Hash: "d", SetAt: now},
		}
		b.do(on(t.developer.ID), func(ctx context.Context, tx storage.Tx) error {
			return errors.Join(tx.PutCredential(ctx, all.Credential), tx.PutAttempts(ctx, all.Attempts, now), tx.PutDefaultPassword(ctx, t.developer.ID, all.Default))
		})
		b.same("all", b.kept(signin.Query{Member: m.ID, Record: true, Workspace: t.developer.ID, Key: key, Default: true}), all)
		b.same("the password alone", b.kept(signin.Query{Member: m.ID, Workspace: t.developer.ID}), signin.Kept{Credential: all.Credential})
		b.same("nothing", b.kept(signin.Query{}), signin.Kept{})
		nobody := id.Member{UUID: b.uuid()}
		b.same("nobody", b.kept(signin.Query{Member: nobody, Record: true, Workspace: t.tenant.ID, Key: key, Default: true}),
			signin.Kept{Attempts: signin.Attempts{Workspace: t.tenant.ID, Key: key}})
	}},
	{"a unit that fails keeps no password", "what a unit, or a nested one, stored of passwords, defaults and failures is gone if it fails, and read before", func(b *bench) {
		t, key := b.newTown(), [32]byte{7}
		c := signin.Credential{Member: t.admin.ID, Hash: "a", SetAt: now}
		a := signin.Attempts{Workspace: t.developer.ID, Key: key, Failures: 1, Until: now.Add(time.Hour)}
		d := signin.Default{Hash: "d", SetAt: now}
		all := func(ctx context.Context, tx storage.Tx) error {
			b.ok(errors.Join(tx.PutCredential(ctx, c), tx.PutAttempts(ctx, a, now), tx.PutDefaultPassword(ctx, t.developer.ID, d)))
			found, err := tx.Passwords(ctx, signin.Query{Member: t.admin.ID, Workspace: t.developer.ID, Key: key, Default: true})
			b.ok(err)
			b.same("what is read in the unit", found, signin.Kept{Credential: c, Attempts: a, Default: d})
			return errStop
		}
		b.is(b.store.Update(b.Context(), on(t.developer.ID), all), errStop)
		b.do(on(t.developer.ID), func(ctx context.Context, tx storage.Tx) error {
			b.is(tx.Nest(ctx, on(t.developer.ID), all), errStop)
			return nil
		})
		b.same("the password", b.credential(t.admin.ID), signin.Credential{})
		b.same("the failures", b.attempts(t.developer, key).Failures, 0)
		b.same("the default", b.standard(t.developer), signin.Default{})
	}},
}

func (b *bench) credential(m id.Member) signin.Credential {
	b.Helper()
	return b.kept(signin.Query{Member: m}).Credential
}

func (b *bench) attempts(w workspace.Workspace, key [32]byte) signin.Attempts {
	b.Helper()
	return b.kept(signin.Query{Workspace: w.ID, Key: key}).Attempts
}

func (b *bench) standard(w workspace.Workspace) signin.Default {
	b.Helper()
	return b.kept(signin.Query{Workspace: w.ID, Default: true}).Default
}

// kept is what a snapshot has.
func (b *bench) kept(q signin.Query) signin.Kept {
	b.Helper()
	return read(b, func(ctx context.Context, r storage.Reader) (signin.Kept, error) { return r.Passwords(ctx, q) })
}

// count stores attempts as a unit at a time does.
func (b *bench) count(a signin.Attempts, at time.Time) {
	b.Helper()
	b.do(on(a.Workspace), func(ctx context.Context, tx storage.Tx) error { return tx.PutAttempts(ctx, a, at) })
}

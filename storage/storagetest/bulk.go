package storagetest

import (
	"context"
	"errors"

	"github.com/superapp-go/superapp/fault"
	"github.com/superapp-go/superapp/id"
	"github.com/superapp-go/superapp/member"
	"github.com/superapp-go/superapp/storage"
)

var bulks = []testCase{
	{"a run and its rows", "Run finds the run of a workspace and key, and those of its rows that are asked for, in their order; there is none for another workspace, or a key that differs in case or by a space", func(b *bench) {
		t, other := b.newTown(), b.newTown()
		run := member.Run{Workspace: t.developer.ID, Key: "june list", Digest: b.hash(), StartedAt: now}
		b.do(on(t.developer.ID), func(ctx context.Context, tx storage.Tx) error {
			return errors.Join(tx.InsertRun(ctx, run),
				tx.InsertRunRows(ctx, run.Workspace, run.Key, []member.RunRow{{Row: 7, Member: t.guest.ID}, {Row: 2, Member: t.admin.ID}}),
				tx.InsertRunRows(ctx, run.Workspace, run.Key, []member.RunRow{{Row: 10, Member: t.guest.ID}}))
		})
		b.same("the run", b.run(member.RunQuery{Workspace: run.Workspace, Key: run.Key}), run)
		run.Sent = []member.RunRow{{Row: 2, Member: t.admin.ID}, {Row: 7, Member: t.guest.ID}}
		b.same("with some rows", b.run(member.RunQuery{Workspace: run.Workspace, Key: run.Key, From: 2, To: 9}), run)
		run.Sent = append(run.Sent, member.RunRow{Row: 10, Member: t.guest.ID})
		b.same("with all rows", b.run(member.RunQuery{Workspace: run.Workspace, Key: run.Key, From: 1, To: plenty}), run)
		for _, q := range []member.RunQuery{{Workspace: other.developer.ID, Key: run.Key}, {Workspace: t.tenant.ID, Key: run.Key}, {Workspace: id.Workspace{UUID: b.uuid()}, Key: run.Key},
			{Workspace: run.Workspace, Key: "June list"}, {Workspace: run.Workspace, Key: "june list "}, {Workspace: run.Workspace, Key: "june"}, {Workspace: run.Workspace}} {
			q.From, q.To = 1, plenty
			b.about("%+v", q)
			b.same("no run", b.run(q), member.Run{})
		}
	}},
	{"a second run or row", "a run with the key of another one, and a row that was stored, are refused with fault.ErrExists, and nothing of the unit is kept", func(b *bench) {
		t := b.newTown()
		run := member.Run{Workspace: t.developer.ID, Key: "k", Digest: b.hash(), StartedAt: now}
		rows := []member.RunRow{{Row: 1, Member: t.guest.ID}}
		b.do(on(t.developer.ID), func(ctx context.Context, tx storage.Tx) error {
			return errors.Join(tx.InsertRun(ctx, run), tx.InsertRunRows(ctx, run.Workspace, run.Key, rows))
		})
		b.is(b.update(on(t.developer.ID), func(ctx context.Context, tx storage.Tx) error {
			again := run
			again.Digest = [32]byte{1}
			return tx.InsertRun(ctx, again)
		}), fault.ErrExists)
		b.is(b.update(on(t.developer.ID), func(ctx context.Context, tx storage.Tx) error {
			return tx.InsertRunRows(ctx, run.Workspace, run.Key, []member.RunRow{{Row: 2, Member: t.admin.ID}, {Row: 1, Member: t.admin.ID}})
		}), fault.ErrExists)
		run.Sent = rows
		b.same("the run", b.run(member.RunQuery{Workspace: run.Workspace, Key: run.Key, From: 1, To: plenty}), run)
		b.is(b.update(on(t.developer.ID), func(ctx context.Context, tx storage.Tx) error {
			b.ok(tx.InsertRun(ctx, member.Run{Workspace: run.Workspace, Key: "other", Digest: run.Digest, StartedAt: now}))
			return errStop
		}), errStop)
		b.same("a run that was rolled back", b.run(member.RunQuery{Workspace: run.Workspace, Key: "other"}), member.Run{})
	}},
}

func (b *bench) run(q member.RunQuery) member.Run {
	b.Helper()
	return read(b, func(ctx context.Context, r storage.Reader) (member.Run, error) { return r.Run(ctx, q) })
}

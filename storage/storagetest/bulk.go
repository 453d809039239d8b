package storagetest

import (
	"context"
	"errors"
	"time"

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
			return errors.Join(tx.InsertRun(ctx, run, never),
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
			return errors.Join(tx.InsertRun(ctx, run, never), tx.InsertRunRows(ctx, run.Workspace, run.Key, rows))
		})
		b.is(b.update(on(t.developer.ID), func(ctx context.Context, tx storage.Tx) error {
			again := run
			again.Digest = [32]byte{1}
			return tx.InsertRun(ctx, again, never)
		}), fault.ErrExists)
		b.is(b.update(on(t.developer.ID), func(ctx context.Context, tx storage.Tx) error {
			return tx.InsertRunRows(ctx, run.Workspace, run.Key, []member.RunRow{{Row: 2, Member: t.admin.ID}, {Row: 1, Member: t.admin.ID}})
		}), fault.ErrExists)
		run.Sent = rows
		b.same("the run", b.run(member.RunQuery{Workspace: run.Workspace, Key: run.Key, From: 1, To: plenty}), run)
		b.is(b.update(on(t.developer.ID), func(ctx context.Context, tx storage.Tx) error {
			b.ok(tx.InsertRun(ctx, member.Run{Workspace: run.Workspace, Key: "other", Digest: run.Digest, StartedAt: now}, never))
			return errStop
		}), errStop)
		b.same("a run that was rolled back", b.run(member.RunQuery{Workspace: run.Workspace, Key: "other"}), member.Run{})
	}},
	{"old runs are forgotten", "a new run takes those of its workspace that were started before the given time away, with their rows, and no others; their keys are free, also for itself", func(b *bench) {
		t, other := b.newTown(), b.newTown()
		rows := []member.RunRow{{Row: 1, Member: t.guest.ID}, {Row: 2, Member: t.admin.ID}}
		store := func(w id.Workspace, key string, at, before time.Time) member.Run {
			run := member.Run{Workspace: w, Key: key, Digest: b.hash(), StartedAt: at}
			b.do(on(w), func(ctx context.Context, tx storage.Tx) error {
				return errors.Join(tx.InsertRun(ctx, run, before), tx.InsertRunRows(ctx, w, key, rows))
			})
			run.Sent = rows
			return run
		}
		all := func(w id.Workspace, key string) member.Run {
			return b.run(member.RunQuery{Workspace: w, Key: key, From: 1, To: plenty})
		}
		w, day := t.developer.ID, 24*time.Hour
		store(w, "old", now, never)
		store(w, "again", now.Add(day-time.Microsecond), never)
		kept, elsewhere := store(w, "kept", now.Add(day), never), store(other.developer.ID, "old", now, never)
		again := store(w, "again", now.Add(2*day), now.Add(day))
		b.same("the old one", all(w, "old"), member.Run{})
		b.same("the one that was started at the time", all(w, "kept"), kept)
		b.same("the one whose key is used again", all(w, "again"), again)
		b.same("the one of another workspace", all(other.developer.ID, "old"), elsewhere)
	}},
}

// never is before every run.
var never time.Time

func (b *bench) run(q member.RunQuery) member.Run {
	b.Helper()
	return read(b, func(ctx context.Context, r storage.Reader) (member.Run, error) { return r.Run(ctx, q) })
}

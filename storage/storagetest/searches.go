package storagetest

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"github.com/superapp-go/superapp/id"
	"github.com/superapp-go/superapp/miniprogram"
	"github.com/superapp-go/superapp/storage"
)

var searches = []testCase{
	{"a search finds the beginning of a term", "Prefix finds the mini programs with a term that begins with it, byte by byte: signs that mean something to a database are plain text", func(b *bench) {
		t := b.tenant()
		b.put(t)
		var all []program
		for _, terms := range [][]string{
			{"coffee shop", "shop"}, {"coffee"}, {"cofee"}, {"100% juice", "juice"}, {"100 juices"}, {"a_b"}, {"axb"}, {`a\b`}, {"o'neil"},
			{"张伟咖啡", "伟咖啡", "咖啡", "啡"}, {"张"}, {"é"}, {"e"}, {"z\U0010ffff\U0010ffff"}, {"z\U0010ffff"}, {"\U0001f355 pizza", "pizza"}, {"zz"}, {"z"},
			{"*"}, {"[a]"}, {"ab\x7f"},
		} {
			p := b.program(t, func(p *program) { p.terms = terms })
			b.put(p)
			all = append(all, p)
		}
		for _, prefix := range []string{
			"coffee", "coff", "coffee ", "shop", "1", "100%", "100% ", "%", "_", "a_", `a\`, `\`, "o'", "'", "咖", "咖啡", "张伟", "张", "é", "e",
			"z", "z\U0010ffff", "zz", "\U0001f355", "\U0001f356", "*", "[", "[a]", "coffee shops", "hop", "ab", "\U0010ffff",
		} {
			b.about("prefix: %q", prefix)
			b.same("the hits", b.hits(miniprogram.Query{Filter: everything(), Prefix: prefix}), matching(all, prefix))
		}
	}},
	{"each hit comes once, at its least term", "a mini program with several terms that begin with the prefix is listed once, with the least of them; hits are ordered by that term, byte by byte, then by id", func(b *bench) {
		t := b.tenant()
		b.put(t)
		var all []program
		for _, terms := range [][]string{
			{"kb", "ka", "x"}, {"ka", "kz"}, {"kc", "kaa"}, {"k"}, {"ka"}, {"k ", "kA"}, {"kB"}, {"k\xc3\xa9", "kz"}, {"k伟", "k"},
		} {
			p := b.program(t, func(p *program) { p.terms = terms })
			b.put(p)
			all = append(all, p)
		}
		want := matching(all, "k")
		b.same("the number of hits", len(want), len(all))
		b.same("the hits", b.hits(miniprogram.Query{Filter: everything(), Prefix: "k"}), want)
		for limit := 1; limit <= len(want)+1; limit++ {
			var got []miniprogram.Hit
			for q := (miniprogram.Query{Filter: everything(), Prefix: "k", Limit: limit}); ; {
				page := b.hits(q)
				if len(page) == 0 {
					break
				}
				if got = append(got, page...); len(got) > len(want) {
					b.Fatalf("pages of %d never end: an item came twice", limit)
				}
				last := page[len(page)-1]
				q.AfterTerm, q.After = last.Term, last.ID
			}
			b.same("all pages", got, want)
		}
	}},
	{"terms that are not given stay", "UpdateMiniProgram with nil leaves the terms as they are; a list that is empty takes them all", func(b *bench) {
		t := b.newTown()
		find := func() []miniprogram.Hit {
			return b.hits(miniprogram.Query{Filter: everything(), Prefix: t.program.terms[0]})
		}
		for _, c := range []struct {
			terms []string
			want  []miniprogram.Hit
		}{{nil, []miniprogram.Hit{t.program.hit(t.program.terms[0])}}, {[]string{}, nil}} {
			b.do(on(t.developer.ID), func(ctx context.Context, tx storage.Tx) error {
				return tx.UpdateMiniProgram(ctx, t.program.MiniProgram, c.terms)
			})
			b.same("the hits", find(), c.want)
		}
	}},
	{"new terms replace the old", "after UpdateMiniProgram a mini program is found under its new terms and no longer under the old", func(b *bench) {
		t := b.newTown()
		b.do(on(t.developer.ID), func(ctx context.Context, tx storage.Tx) error {
			return tx.UpdateMiniProgram(ctx, t.program.MiniProgram, []string{"new", "terms"})
		})
		b.same("hits of an old term", b.hits(miniprogram.Query{Filter: everything(), Prefix: t.program.terms[0]}), nil)
		for _, term := range []string{"new", "terms"} {
			b.same("hits of a new term", b.hits(miniprogram.Query{Filter: everything(), Prefix: term}), []miniprogram.Hit{t.program.hit(term)})
		}
	}},
	{"a search combines with every field", "Prefix, filter and the other fields of a query all hold at once", func(b *bench) {
		w := b.world()
		for range 150 {
			q := miniprogram.Query{Filter: everything(), Limit: plenty}
			if b.sometimes() {
				q.Filter = b.filter(w)
			}
			p := one(b, w.programs)
			if b.sometimes() {
				q.Workspace = p.Workspace
			}
			if b.sometimes() {
				q.Tenant = p.Tenant
			}
			if b.sometimes() {
				q.Creator = p.Creator
			}
			if b.sometimes() {
				q.Type = p.Type
			}
			if b.sometimes() {
				q.Statuses = []miniprogram.Status{p.Status, miniprogram.Published}
			}
			if b.sometimes() {
				q.Prefix = p.terms[0][:1+b.rand.IntN(2)]
			}
			if b.rand.IntN(20) == 0 {
				q.ID = p.ID
			}
			want := matching(kept(w.programs, func(p program) bool {
				return q.Filter.Covers(p.target()) && zeroOr(q.Workspace, p.Workspace) && zeroOr(q.Tenant, p.Tenant) &&
					zeroOr(q.ID, p.ID) && zeroOr(q.Creator, p.Creator) && zeroOr(q.Type, p.Type) && nilOr(q.Statuses, p.Status)
			}, programID), q.Prefix)
			b.about("query: %+v", q)
			b.same("the hits", b.hits(q), want)
		}
	}},
}

func programID(p program) id.UUID { return p.ID.UUID }

// matching returns the hits that a search should have.
func matching(all []program, prefix string) (hits []miniprogram.Hit) {
	for _, p := range all {
		terms := slices.DeleteFunc(slices.Clone(p.terms), func(t string) bool { return !strings.HasPrefix(t, prefix) })
		switch {
		case prefix == "":
			hits = append(hits, p.hit(""))
		case len(terms) > 0:
			hits = append(hits, p.hit(slices.Min(terms)))
		}
	}
	slices.SortFunc(hits, func(a, b miniprogram.Hit) int {
		return cmp.Or(strings.Compare(a.Term, b.Term), a.ID.Compare(b.ID.UUID))
	})
	return hits
}

// hits lists mini programs; without a limit, all.
func (b *bench) hits(q miniprogram.Query) []miniprogram.Hit {
	b.Helper()
	if q.Limit == 0 {
		q.Limit = plenty
	}
	return read(b, func(ctx context.Context, r storage.Reader) ([]miniprogram.Hit, error) { return r.MiniPrograms(ctx, q) })
}

package storagetest

import (
	"context"
	"strings"
	"time"

	"github.com/superapp-go/superapp/id"
	"github.com/superapp-go/superapp/miniprogram"
	"github.com/superapp-go/superapp/storage"
)

var programs = []testCase{
	{"a mini program comes back as it was stored", "every field is kept, for each type and status", func(b *bench) {
		t := b.newTown()
		full := b.program(t.developer, func(p *program) {
			p.Type, p.Language, p.Status = miniprogram.H5, "zh-Hans", miniprogram.Published
			p.Name, p.NameKey, p.LatestVersion, p.UploadedAt = "小店", "小店", "2.0.0-rc.1", now
		})
		bare := b.program(t.tenant, func(p *program) { p.Creator = "" })
		full.Stages = miniprogram.Stages{Candidate: id.Version{UUID: b.uuid()}, Percent: 99, Full: id.Version{UUID: b.uuid()}}
		for _, p := range []program{full, bare, b.program(t.developer, archived)} {
			b.put(p)
			b.same("the mini program", b.miniProgram(p.ID), p.MiniProgram)
		}
	}},
	{"an update replaces it", "UpdateMiniProgram replaces everything but the id, the workspaces, the type, the creator and the time of creation", func(b *bench) {
		t := b.newTown()
		want := t.program.MiniProgram
		want.Language, want.Name, want.NameKey, want.Status = "fr", "Caisse", "caisse", miniprogram.Offline
		want.LatestVersion, want.UploadedAt, want.UpdatedAt = "3.1.0", now.Add(time.Hour), now.Add(time.Hour)
		want.Stages = miniprogram.Stages{Candidate: t.version.ID, Percent: 5}
		given := want
		given.Type, given.Creator, given.CreatedAt = miniprogram.H5, "u-thief", now.Add(time.Hour)
		b.do(on(t.developer.ID), func(ctx context.Context, tx storage.Tx) error {
			return tx.UpdateMiniProgram(ctx, given, []string{"caisse"})
		})
		b.same("the mini program", b.miniProgram(want.ID), want)
	}},
	{"a missing mini program is not found", "reading a mini program by an id that was never stored is miniprogram.ErrNotFound; its lists are empty", func(b *bench) {
		t := b.newTown()
		b.view(func(ctx context.Context, r storage.Reader) error {
			for _, u := range []id.UUID{b.uuid(), {}, t.developer.ID.UUID} {
				_, err := r.MiniProgram(ctx, id.MiniProgram{UUID: u})
				b.is(err, miniprogram.ErrNotFound)
			}
			return nil
		})
		b.same("the team of nothing", b.team(id.MiniProgram{UUID: b.uuid()}), nil)
		b.same("the versions of nothing", b.versions(id.MiniProgram{UUID: b.uuid()}), nil)
	}},
	{"versions come back as they were stored", "every field of a version is kept, lists, notes, hash and a size beyond 32 bits included, and they come in the order of their ids", func(b *bench) {
		t := b.newTown()
		bare := b.version(t.program, func(v *miniprogram.Version) { v.JSAPIs, v.Notes, v.Uploader = nil, nil, "" })
		other := b.program(t.developer)
		b.put(bare, other, b.version(other))
		want := kept([]miniprogram.Version{t.version, bare}, func(miniprogram.Version) bool { return true },
			func(v miniprogram.Version) id.UUID { return v.ID.UUID })
		b.same("the versions", b.versions(t.program.ID), want)
	}},
	{"a version comes to a status", "UpdateVersion stores status, notes, digest and progress of a version, long ones too; whatever else is given stays", func(b *bench) {
		t := b.newTown()
		want := t.version
		want.Status, want.Notes, want.Digest = miniprogram.Grayscale, map[string]string{"fr": "Première."}, [32]byte{9, 0, 255}
		for i := range 120 {
			want.Progress = append(want.Progress, miniprogram.Step{Status: one(b, versionStatuses), Percent: i % 100,
				At: now.Add(time.Duration(i) * time.Microsecond), By: "u-releaser", Reason: strings.Repeat("\U00020000", 500)})
		}
		want.Progress[0].By, want.Progress[0].Reason, want.Progress[0].Percent = "", "", 0
		given := want
		given.MiniProgram, given.Workspace, given.Tenant = id.MiniProgram{UUID: b.uuid()}, t.tenant.ID, id.Workspace{UUID: b.uuid()}
		given.Number, given.Package, given.JSAPIs = "9.9.9", miniprogram.Package{Reference: "other", Size: 1}, nil
		given.Uploader, given.UploadedAt = "u-thief", now.Add(time.Hour)
		update := func(v miniprogram.Version) {
			b.Helper()
			b.do(on(t.developer.ID), func(ctx context.Context, tx storage.Tx) error { return tx.UpdateVersion(ctx, v) })
		}
		update(given)
		b.same("the versions", b.versions(t.program.ID), []miniprogram.Version{want})
		b.same("the last upload", b.activity(t.developer.ID).LastUpload, t.version.UploadedAt)
		update(t.version)
		b.about("a version that is as it was")
		b.same("the versions", b.versions(t.program.ID), []miniprogram.Version{t.version})
		b.same("the live ones", b.dossier(t.program.ID).Live, nil)
	}},
	{"versions are listed by status", "Statuses selects the versions with one of them; nil means any, and none nothing", func(b *bench) {
		t := b.newTown()
		all := []miniprogram.Version{t.version}
		for _, s := range versionStatuses {
			v := b.version(t.program, versionStatus(s))
			b.put(v)
			all = append(all, v)
		}
		for _, statuses := range [][]miniprogram.VersionStatus{nil, {}, {miniprogram.VersionNew}, {miniprogram.Released, miniprogram.Superseded, miniprogram.RolledBack}} {
			b.about("statuses: %v", statuses)
			want := kept(all, func(v miniprogram.Version) bool { return nilOr(statuses, v.Status) }, versionID)
			b.same("the versions", read(b, func(ctx context.Context, r storage.Reader) ([]miniprogram.Version, error) {
				return r.Versions(ctx, miniprogram.VersionQuery{MiniProgram: t.program.ID, Statuses: statuses, Limit: plenty})
			}), want)
		}
	}},
	{"NameTaken asks for one tenant and language", "a folded name is taken if a mini program of the tenant that is not archived has it in that language", func(b *bench) {
		t, other := b.newTown(), b.newTown()
		name := func(key string) func(*program) { return func(p *program) { p.Name, p.NameKey = key, key } }
		b.put(b.program(t.tenant, name("shop")), b.program(t.developer, name("gone"), archived), b.program(other.tenant, name("theirs")))
		for _, c := range []struct {
			language, key string
			want          bool
		}{{"en", "shop", true}, {"fr", "shop", false}, {"en", "Shop", false}, {"en", "shop ", false}, {"en", "sho", false}, {"en", "gone", false}, {"en", "theirs", false}} {
			got := read(b, func(ctx context.Context, r storage.Reader) (bool, error) {
				return r.NameTaken(ctx, t.tenant.ID, c.language, c.key)
			})
			b.about("name: %q in %s", c.key, c.language)
			b.same("whether it is taken", got, c.want)
		}
	}},
}

func (b *bench) miniProgram(p id.MiniProgram) miniprogram.MiniProgram {
	b.Helper()
	return read(b, func(ctx context.Context, r storage.Reader) (miniprogram.MiniProgram, error) {
		return r.MiniProgram(ctx, p)
	})
}

func (b *bench) versions(p id.MiniProgram) []miniprogram.Version {
	b.Helper()
	return read(b, func(ctx context.Context, r storage.Reader) ([]miniprogram.Version, error) {
		return r.Versions(ctx, miniprogram.VersionQuery{MiniProgram: p, Limit: plenty})
	})
}

func (b *bench) team(p id.MiniProgram) []miniprogram.TeamMember {
	b.Helper()
	return read(b, func(ctx context.Context, r storage.Reader) ([]miniprogram.TeamMember, error) {
		return r.Team(ctx, p, id.Member{}, plenty)
	})
}

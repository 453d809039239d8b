package main

import (
	"bytes"
	"context"
	"errors"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/superapp-go/superapp"
	"github.com/superapp-go/superapp/audit"
	"github.com/superapp-go/superapp/member"
	"github.com/superapp-go/superapp/page"
	"github.com/superapp-go/superapp/rbac"
	"github.com/superapp-go/superapp/storage"
	"github.com/superapp-go/superapp/storage/memory"
	"github.com/superapp-go/superapp/storage/sqlite"
	"github.com/superapp-go/superapp/workspace"
)

// report is what the job prints on the demo's data, but for the trails.
const report = `Invitations, 10 Mar 2026 02:00 UTC

Riverbank Wallet (tenant, verified)
  Rey                  workspace_reviewer     until 8 Mar 22:00, sent 1 times
  Ines                 mini_program_inspector until 10 Mar 14:00, sent 1 times

Tea House (developer, verified)
  Tom                  developer_admin        until 8 Mar 02:00, sent 1 times, resent
  Dee                  developer_admin        until 10 Mar 09:00, sent 1 times

Shady Deals (developer, disabled)
  Sid                  developer_admin        until 8 Mar 03:00, sent 1 times, cannot be resent

Harbour Pay (tenant, pending_verification)
  Hal                  workspace_admin        until 10 Mar 19:00, sent 1 times, resent
  Pam                  workspace_reviewer     until 11 Mar 00:00, sent 1 times
`

// Every store gives the same report; the second night finds nobody to mail.
func TestReportIsTheSameOnEveryStore(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name  string
		store storage.Store
	}{{"memory", memory.New()}, {"sqlite", newSQLite(t)}} {
		t.Run(tc.name, func(t *testing.T) {
			j := demo(t, tc.store)
			mails := map[string]member.Token{}
			j.mail = func(_ context.Context, m member.Member, token member.Token) error {
				mails[m.Email] = token
				return nil
			}
			var out bytes.Buffer
			if err := j.run(t.Context(), &out); err != nil {
				t.Fatal(err)
			}
			invitations, trails, _ := strings.Cut(out.String(), "\nAudit trails\n\n")
			if invitations != report {
				t.Errorf("got\n%s\nwant\n%s", invitations, report)
			}
			if n := strings.Count(trails, "intact, event "); n != 4 {
				t.Errorf("%d intact trails, want 4:\n%s", n, trails)
			}
			if got, want := slices.Sorted(maps.Keys(mails)), []string{"hal@people.example", "tom@people.example"}; !slices.Equal(got, want) {
				t.Fatalf("mails to %v, want %v", got, want)
			}
			for to, token := range mails {
				in, err := j.platform.Members.Inspect(t.Context(), token)
				if err != nil || in.State != member.TokenOpen {
					t.Errorf("the token of %s is %s, %v", to, in.State, err)
				}
			}
			clear(mails)
			if err := j.run(t.Context(), &out); err != nil || len(mails) != 0 {
				t.Errorf("second run: mails to %v, %v", mails, err)
			}
		})
	}
}

// What goes wrong with one invitation is reported, and stops no other.
func TestOneFailureStopsNoOther(t *testing.T) {
	t.Parallel()
	lost := errors.New("the mail is lost")
	for _, tc := range []struct {
		name string
		mail func(*testing.T, *job) func(context.Context, member.Member, member.Token) error
		want error
		line map[string]string // how the line of somebody ends
	}{
		{"report only", func(*testing.T, *job) func(context.Context, member.Member, member.Token) error {
			return nil
		}, nil, map[string]string{"Tom": "to be resent", "Hal": "to be resent"}},
		{"mail fails", func(*testing.T, *job) func(context.Context, member.Member, member.Token) error {
			return func(_ context.Context, m member.Member, _ member.Token) error {
				if m.Name == "Tom" {
					return lost
				}
				return nil
			}
		}, lost, map[string]string{"Tom": "FAILED", "Hal": "resent"}},
		{"overtaken", func(t *testing.T, j *job) func(context.Context, member.Member, member.Token) error {
			return func(ctx context.Context, m member.Member, _ member.Token) error {
				hal, err := j.platform.Members.List(ctx, operator, member.Filter{Name: "Hal"}, page.Request{})
				if err != nil || len(hal.Items) != 1 {
					t.Fatal(hal.Items, err)
				}
				_, _, err = j.platform.Members.SetFirstAdmin(ctx, operator, hal.Items[0].Workspace, member.First{Account: "acc-eve", Name: "Eve"})
				return err
			}
		}, nil, map[string]string{"Tom": "resent", "Hal": "is now withdrawn"}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			j := demo(t, memory.New())
			j.mail = tc.mail(t, j)
			var out bytes.Buffer
			if err := j.run(t.Context(), &out); !errors.Is(err, tc.want) {
				t.Errorf("%v, want %v", err, tc.want)
			}
			for who, end := range tc.line {
				if !lineEnds(out.String(), who, end) {
					t.Errorf("the line of %s does not end with %q:\n%s", who, end, out.String())
				}
			}
		})
	}
}

// A trail that was tampered with is reported, and so are the others.
func TestTamperedTrailIsReported(t *testing.T) {
	t.Parallel()
	store := memory.New()
	j := demo(t, store)
	j.platform = j.platform.With(tampered{store})
	var out bytes.Buffer
	err := j.run(t.Context(), &out)
	if broken, ok := errors.AsType[*audit.BrokenError](err); !ok || broken.Seq != 5 {
		t.Errorf("%v, want broken at event 5", err)
	}
	if n := strings.Count(out.String(), "intact, event "); n != 3 {
		t.Errorf("%d intact trails, want 3:\n%s", n, out.String())
	}
}

// The job runs on a file, puts its mails into the outbox, and creates no file.
func TestMailsOfAFileGoToTheOutbox(t *testing.T) {
	t.Parallel()
	ctx, dir := t.Context(), t.TempDir()
	file := filepath.Join(dir, "platform.db")
	if err := runDB(ctx, &bytes.Buffer{}, file, ""); !errors.Is(err, os.ErrNotExist) {
		t.Fatalf("no file: %v", err)
	}
	store, err := sqlite.Open(ctx, file, nil)
	if err != nil {
		t.Fatal(err)
	}
	defer store.Close()
	if err := store.Migrate(ctx); err != nil {
		t.Fatal(err)
	}
	p, err := superapp.New(store, &superapp.Options{Members: &member.Options{Validity: time.Hour}})
	if err != nil {
		t.Fatal(err)
	}
	o, _, err := p.OpenTenant(ctx, rbac.System("test"), superapp.Open{Name: "Harbour Pay", Admin: member.First{Email: "hal@pay.example", Name: "Hal"},
		Business: workspace.Business{Address: "1 River Street", Scope: "payments", Representative: "Hal", Email: "hal@pay.example"}})
	if err != nil {
		t.Fatal(err)
	}

	var out bytes.Buffer
	if err := runDB(ctx, &out, file, dir); err != nil {
		t.Fatal(err)
	}
	mail, err := os.ReadFile(filepath.Join(dir, o.Admin.ID.String()+".eml"))
	if err != nil {
		t.Fatal(err)
	}
	_, link, _ := strings.Cut(string(mail), "/invitations/")
	token := member.Token(strings.TrimSpace(link))
	if strings.Contains(out.String(), token.Reveal()) {
		t.Error("the report shows the token")
	}
	if _, err := p.Members.Accept(ctx, token, member.Account{ID: "acc-hal", Email: "hal@pay.example", EmailVerified: true}); err != nil {
		t.Error(err)
	}
}

// The demo mails both first admins who can be helped, and prints no secret.
func TestDemoShowsNoToken(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	if err := runDemo(t.Context(), &out); err != nil {
		t.Fatal(err)
	}
	if n := strings.Count(out.String(), "@people.example, token [redacted])"); n != 2 {
		t.Errorf("%d mails, want 2:\n%s", n, out.String())
	}
}

// newSQLite returns an empty store on a file.
func newSQLite(t *testing.T) storage.Store {
	t.Helper()
	store, err := sqlite.Open(t.Context(), filepath.Join(t.TempDir(), "platform.db"), nil)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := store.Close(); err != nil {
			t.Error(err)
		}
	})
	if err := store.Migrate(t.Context()); err != nil {
		t.Fatal(err)
	}
	return store
}

// demo returns the job on the demo's data.
func demo(t *testing.T, store storage.Store) *job {
	t.Helper()
	j, err := newDemo(t.Context(), store)
	if err != nil {
		t.Fatal(err)
	}
	return j
}

// lineEnds reports whether somebody's line of the report ends so.
func lineEnds(text, who, end string) bool {
	for line := range strings.Lines(text) {
		if strings.HasPrefix(line, "  "+who+" ") {
			return strings.HasSuffix(line, ", "+end+"\n")
		}
	}
	return false
}

// tampered is a store in which somebody has edited the fifth event of every
// trail; only the wallet's is that long.
type tampered struct{ storage.Store }

func (s tampered) View(ctx context.Context, fn func(context.Context, storage.Reader) error) error {
	return s.Store.View(ctx, func(ctx context.Context, r storage.Reader) error { return fn(ctx, editor{r}) })
}

type editor struct{ storage.Reader }

func (r editor) Events(ctx context.Context, q audit.Query) ([]audit.Event, error) {
	events, err := r.Reader.Events(ctx, q)
	for i := range events {
		if events[i].Seq == 5 {
			events[i].Verb = member.EventLeft
		}
	}
	return events, err
}

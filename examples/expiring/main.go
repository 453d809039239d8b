// Expiring is a nightly job of the platform operator. It reports, across all
// tenants and by workspace, the invitations that expire within a day or did so
// in the last week, sends those of first admins again, so that no workspace is
// left without anybody who can get in, and verifies every audit trail. Keep
// its report: a trail that is cut later no longer reaches the head noted here.
//
//	go run ./examples/expiring -demo                          # made-up tenants
//	go run ./examples/expiring -db platform.db                # report only
//	go run ./examples/expiring -db platform.db -outbox mails  # resend as well
//
// It ends with status 1 if anything needs somebody's attention. It shows lists
// across tenants and their cursors, actions open to the caller, and tokens,
// which leave the program in a mail and nowhere else.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"time"

	"github.com/superapp-go/superapp"
	"github.com/superapp-go/superapp/id"
	"github.com/superapp-go/superapp/member"
	"github.com/superapp-go/superapp/page"
	"github.com/superapp-go/superapp/rbac"
	"github.com/superapp-go/superapp/storage/sqlite"
	"github.com/superapp-go/superapp/workspace"
)

// operator is who acts; the audit trail names him with every mail sent again.
var operator = rbac.System("expiring")

func main() {
	db := flag.String("db", "", "the platform's SQLite `file`")
	outbox := flag.String("outbox", "", "with -db: resend first admins' invitations, a mail each into this `folder`")
	demo := flag.Bool("demo", false, "run on made-up data in memory")
	flag.Parse()

	var err error
	switch ctx := context.Background(); {
	case *demo && *db == "" && *outbox == "" && flag.NArg() == 0:
		err = runDemo(ctx, os.Stdout)
	case *db != "" && !*demo && flag.NArg() == 0:
		err = runDB(ctx, os.Stdout, *db, *outbox)
	default:
		flag.Usage()
		os.Exit(2)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "expiring:", err)
		os.Exit(1)
	}
}

// runDB runs the job on a platform's file.
func runDB(ctx context.Context, w io.Writer, file, outbox string) (err error) {
	if _, err := os.Stat(file); err != nil { // Open would create it
		return err
	}
	store, err := sqlite.Open(ctx, file, nil)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, store.Close()) }()
	p, err := superapp.New(store, nil) // with the same options as the service that runs on this file
	if err != nil {
		return err
	}
	j := job{platform: p, now: time.Now}
	if outbox != "" {
		j.mail = func(_ context.Context, m member.Member, t member.Token) error {
			mail := fmt.Sprintf("To: %s\nSubject: You are invited\n\nhttps://wallet.example/invitations/%s\n", m.Email, t.Reveal())
			return os.WriteFile(filepath.Join(outbox, m.ID.String()+".eml"), []byte(mail), 0o600)
		}
	}
	return j.run(ctx, w)
}

// A job looks after invitations.
type job struct {
	platform *superapp.Platform
	now      func() time.Time
	mail     func(context.Context, member.Member, member.Token) error // nil: nothing is resent
}

// run writes the report to w. One failure does not stop the rest: all of them
// are in the report and in the error.
func (j *job) run(ctx context.Context, w io.Writer) error {
	now := j.now()
	soon := member.Filter{ExpiresFrom: now.AddDate(0, 0, -7), ExpiresBefore: now.Add(24 * time.Hour)}
	invited := map[id.Workspace][]member.Details{}
	for d, err := range page.All(ctx, j.platform.Members.List, operator, soon) {
		if err != nil {
			return err
		}
		invited[d.Workspace] = append(invited[d.Workspace], d)
	}
	// Read after the invitations: none of them lacks its workspace.
	all, err := page.Collect(page.All(ctx, j.platform.Workspaces.List, operator, workspace.Filter{}))
	if err != nil {
		return err
	}

	var failed []error
	fmt.Fprintf(w, "Invitations, %s UTC\n", now.UTC().Format("2 Jan 2006 15:04"))
	for _, ws := range all {
		if len(invited[ws.ID]) > 0 {
			fmt.Fprintf(w, "\n%s (%s, %s)\n", ws.Name, ws.Kind, ws.Status)
		}
		for _, d := range invited[ws.ID] {
			what, err := j.resend(ctx, d)
			if err != nil {
				failed = append(failed, fmt.Errorf("%s: invitation %s: %w", ws.Name, d.ID, err))
			}
			until := d.Invitation.ExpiresAt.Format("2 Jan 15:04")
			fmt.Fprintf(w, "  %-20s %-22s until %s, sent %d times%s\n", d.Name, d.Role, until, d.Invitation.Generation, what)
		}
	}
	fmt.Fprint(w, "\nAudit trails\n\n")
	for _, ws := range all {
		head, err := j.platform.Audit.Verify(ctx, operator, ws.ID)
		if err != nil {
			failed = append(failed, fmt.Errorf("%s: %w", ws.Name, err))
			fmt.Fprintf(w, "  %s %-20s %v\n", ws.ID, ws.Name, err)
			continue
		}
		fmt.Fprintf(w, "  %s %-20s intact, event %d, head %x\n", ws.ID, ws.Name, head.Seq, head.Hash)
	}
	return errors.Join(failed...)
}

// resend sends a first admin's invitation again, and says in a word for the
// report what came of it. Resend commits before the mail leaves: if that fails,
// the link he has is dead already, and somebody must see to it.
func (j *job) resend(ctx context.Context, d member.Details) (what string, err error) {
	switch {
	case !d.First:
		return "", nil
	case !slices.Contains(d.Actions, member.ActionResend): // its workspace is disabled, say
		return ", cannot be resent", nil
	case j.mail == nil:
		return ", to be resent", nil
	}
	sent, token, err := j.platform.Members.Resend(ctx, operator, d.ID)
	if state, ok := errors.AsType[*member.StateError](err); ok {
		return ", is now " + string(state.Status), nil // accepted since it was listed: so much the better
	}
	if err == nil {
		err = j.mail(ctx, sent, token)
	}
	if err != nil {
		return ", FAILED", err
	}
	return ", resent", nil
}

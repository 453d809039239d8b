package testkit

import (
	"errors"
	"testing"

	"github.com/superapp-go/superapp"
	"github.com/superapp-go/superapp/audit"
	"github.com/superapp-go/superapp/member"
	"github.com/superapp-go/superapp/rbac"
	"github.com/superapp-go/superapp/storage"
	"github.com/superapp-go/superapp/workspace"
)

// Tamper changes the tables behind the back of a store, and fails unless
// audit.Service.Verify says where. open returns a migrated and empty store, and what
// runs a statement on its database, in which {event} and {head} are the tables.
func Tamper(t *testing.T, open func(t *testing.T) (storage.Store, func(statement string) error)) {
	t.Helper()
	for name, c := range map[string]struct {
		statements []string
		seq        uint64
	}{
		"a verb is edited":            {[]string{"UPDATE {event} SET verb = 'member.left' WHERE seq = 2"}, 2},
		"a state is edited":           {[]string{"UPDATE {event} SET data = personal WHERE seq = 3"}, 3},
		"an object is edited":         {[]string{"UPDATE {event} SET object_kind = object_kind + 1 WHERE seq = 1"}, 1},
		"an actor is edited":          {[]string{"UPDATE {event} SET actor = 'u-mallory' WHERE seq = 4"}, 4},
		"an account becomes a system": {[]string{"UPDATE {event} SET by_system = NOT by_system WHERE seq = 4"}, 4},
		"personal data is edited":     {[]string{"UPDATE {event} SET personal = data WHERE seq = 2"}, 2},
		"personal data is dropped":    {[]string{"UPDATE {event} SET personal = NULL, salt = NULL WHERE seq = 5"}, 5},
		"an erasure is claimed":       {[]string{"UPDATE {event} SET personal = data, erasure = 5 WHERE seq = 3"}, 3},
		"a salt is edited":            {[]string{"UPDATE {event} SET salt = hash WHERE seq = 2"}, 2},
		"a commitment is edited":      {[]string{"UPDATE {event} SET commitment = hash WHERE seq = 2"}, 2},
		"a hash is edited":            {[]string{"UPDATE {event} SET hash = commitment WHERE seq = 2"}, 2},
		"a time is edited":            {[]string{"UPDATE {event} SET at = NULL WHERE seq = 2"}, 2},
		"an event is deleted":         {[]string{"DELETE FROM {event} WHERE seq = 3"}, 3},
		"the first is deleted":        {[]string{"DELETE FROM {event} WHERE seq = 1"}, 1},
		"a hole is closed": {[]string{
			"DELETE FROM {event} WHERE seq = 3", "UPDATE {event} SET seq = 3 WHERE seq = 4", "UPDATE {event} SET seq = 4 WHERE seq = 5", "UPDATE {head} SET seq = 4",
		}, 3},
		"two change places": {[]string{
			"UPDATE {event} SET seq = 99 WHERE seq = 2", "UPDATE {event} SET seq = 2 WHERE seq = 3", "UPDATE {event} SET seq = 3 WHERE seq = 99",
		}, 2},
		"the end is cut": {[]string{"DELETE FROM {event} WHERE seq > 3"}, 4},
		"the end is cut, and the head with it": {[]string{
			"DELETE FROM {event} WHERE seq > 3",
			"UPDATE {head} SET seq = 3, hash = (SELECT e.hash FROM {event} AS e WHERE e.seq = 3), at = (SELECT e.at FROM {event} AS e WHERE e.seq = 3)",
		}, 4},
		"the head is edited": {[]string{"UPDATE {head} SET hash = (SELECT e.hash FROM {event} AS e WHERE e.seq = 4)"}, 6},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s, run := open(t)
			p, err := superapp.New(s, nil)
			if err != nil {
				t.Fatal(err)
			}
			system := rbac.System("test")
			opened, _, err := p.OpenTenant(t.Context(), system, superapp.Open{
				Name: "Wallet", Business: workspace.Business{Address: "1 Road", Scope: "tea", Representative: "Ada", Email: "ada@wallet.example"},
				Admin: member.First{Account: "u-ada", Email: "ada@wallet.example", Name: "Ada"},
			})
			if err != nil {
				t.Fatal(err)
			}
			w := opened.Workspace.ID
			for _, status := range []workspace.Status{workspace.Verified, workspace.Disabled, workspace.Verified} {
				if err := p.Workspaces.SetStatus(t.Context(), system, w, status, "asked for"); err != nil {
					t.Fatal(err)
				}
			}
			noted, err := p.Audit.Verify(t.Context(), system, w)
			if err != nil || noted.Seq != 5 {
				t.Fatalf("the trail before ends at %d: %v", noted.Seq, err)
			}
			for _, statement := range c.statements {
				if err := run(statement); err != nil {
					t.Fatalf("%s: %v", statement, err)
				}
			}
			_, err = p.Audit.Verify(t.Context(), system, w, noted)
			broken, ok := errors.AsType[*audit.BrokenError](err)
			if !ok || broken.Seq != c.seq {
				t.Errorf("err = %v, want the trail to be broken at event %d", err, c.seq)
			}
		})
	}
}

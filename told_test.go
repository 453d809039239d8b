package superapp_test

import (
	"context"
	"maps"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/superapp-go/superapp"
	"github.com/superapp-go/superapp/audit"
	"github.com/superapp-go/superapp/letter"
	"github.com/superapp-go/superapp/letter/lettertest"
	"github.com/superapp-go/superapp/member"
	"github.com/superapp-go/superapp/rbac"
	"github.com/superapp-go/superapp/superapptest"
)

// letters are the verbs by whose calls in the table somebody gets a letter: for the
// others the test would pass if there were no letters at all.
var letters = []string{
	"Approvals.Decide", "Bulk.Send", "Members.Invite", "Members.InviteAll", "Members.Resend", "Members.SetFirstAdmin", "Members.Withdraw",
	"MiniPrograms.ForceRemove", "MiniPrograms.Remove", "MiniPrograms.RequireRectification", "MiniPrograms.Warn",
	"Platform.OpenTenant", "Platform.RemoveDeveloper", "SignIn.Reset",
}

// TestToldAreThoseWhoGetALetter compares what effects say of every verb with the
// letters that its events bring about.
func TestToldAreThoseWhoGetALetter(t *testing.T) {
	t.Parallel()
	calls := map[string]func(context.Context, *superapptest.Kit, *superapp.Platform) error{}
	for name, v := range verbs {
		if len(v.events) > 0 {
			calls[name] = v.call
		}
	}
	wrote := make(chan string, len(calls))
	t.Run("verbs", func(t *testing.T) {
		for name, call := range calls {
			t.Run(name, func(t *testing.T) {
				t.Parallel()
				k := verbKit(t, superapptest.Options{NoRerun: true})
				k.Join(rbac.DeveloperAdmin, "second_admin")
				var events []audit.Event
				told := map[string]bool{}
				require.NoError(t, call(t.Context(), k, k.Over(superapp.Recording{Store: k.Store, Done: func(es []audit.Event, e superapp.Effects) {
					events = append(events, es...)
					for _, x := range e.Told {
						if x.Email != "" {
							told[x.Email] = true
						}
					}
				}})))
				var box lettertest.Mailbox
				s, err := letter.New(k.Platform, &box, letter.Options{
					From:       letter.Address{Name: "Wallet", Email: "noreply@wallet.example"},
					Invitation: func(t member.Token) string { return "https://console.example/join?token=" + t.Reveal() },
				})
				require.NoError(t, err)
				for _, e := range events {
					require.NoError(t, s.Handle(t.Context(), e))
				}
				got := map[string]bool{}
				for _, m := range box.Messages() {
					got[m.To.Email] = true
				}
				require.Equal(t, slices.Sorted(maps.Keys(got)), slices.Sorted(maps.Keys(told)))
				if len(got) > 0 {
					wrote <- name
				}
			})
		}
	})
	close(wrote)
	var names []string
	for name := range wrote {
		names = append(names, name)
	}
	require.Subset(t, names, letters)
}

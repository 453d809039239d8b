package smtp_test

import (
	"context"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/superapp-go/superapp"
	"github.com/superapp-go/superapp/delivery"
	"github.com/superapp-go/superapp/letter"
	"github.com/superapp-go/superapp/letter/lettertest"
	"github.com/superapp-go/superapp/letter/smtp"
	"github.com/superapp-go/superapp/member"
	"github.com/superapp-go/superapp/page"
	"github.com/superapp-go/superapp/rbac"
	"github.com/superapp-go/superapp/storage/memory"
	"github.com/superapp-go/superapp/workspace"
)

var operator = rbac.System("test")

// dispatch runs a platform whose letters go to a server until the test ends.
func dispatch(t *testing.T, s *lettertest.Server, attempts int) *superapp.Platform {
	t.Helper()
	p, err := superapp.New(memory.New(), &superapp.Options{Members: &member.Options{Letters: true}})
	require.NoError(t, err)
	sender, err := letter.New(p, mailer(t, s, nil), letter.Options{
		From:       letter.Address{Name: "Riverbank Wallet", Email: "noreply@wallet.example"},
		Invitation: func(t member.Token) string { return "https://console.wallet.example/join?token=" + t.Reveal() },
	})
	require.NoError(t, err)
	d, err := p.Delivery.Dispatcher(&delivery.Options{Interval: 5 * time.Millisecond, FirstPause: time.Millisecond, LongPause: 5 * time.Millisecond, Attempts: attempts})
	require.NoError(t, err)
	require.NoError(t, d.Handle("letters", sender, &delivery.HandlerOptions{FromStart: true}))
	ctx, stop := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- d.Run(ctx) }()
	t.Cleanup(func() {
		stop()
		require.NoError(t, <-done)
	})
	return p
}

// open opens a workspace whose first admin is invited, and invites another.
func open(t *testing.T, p *superapp.Platform) {
	t.Helper()
	opened, _, err := p.OpenTenant(t.Context(), operator, superapp.Open{
		Name: "Wallet", Business: workspace.Business{Address: "1 Road", Scope: "tea", Representative: "Ada", Email: "office@wallet.example"},
		Admin: member.First{Email: "ada@wallet.example", Name: "Ada"},
	})
	require.NoError(t, err)
	_, _, err = p.Members.Invite(t.Context(), operator, member.Invite{Workspace: opened.Workspace.ID, Email: "rey@wallet.example", Name: "Rey", Role: rbac.WorkspaceReviewer})
	require.NoError(t, err)
}

// dead are the dead letters.
func dead(t *testing.T, p *superapp.Platform) []delivery.DeadLetter {
	t.Helper()
	found, err := p.Delivery.DeadLetters(t.Context(), operator, delivery.Filter{Handler: "letters"}, page.Request{})
	require.NoError(t, err)
	return found.Items
}

// until waits.
func until(t *testing.T, what string, done func() bool) {
	t.Helper()
	require.Eventually(t, done, 30*time.Second, 5*time.Millisecond, what)
}

// receivers are those of all mails, in order, and whether they are each of one letter.
func receivers(t *testing.T, s *lettertest.Server) (to []string) {
	t.Helper()
	ids := map[string]string{}
	for _, m := range s.Mails() {
		p, err := m.Parse()
		require.NoError(t, err)
		if known, ok := ids[p.To.Address]; ok {
			require.Equal(t, known, p.Header.Get("Message-Id"), "a receiver can tell that it is the same letter")
		}
		ids[p.To.Address] = p.Header.Get("Message-Id")
		to = append(to, p.To.Address)
	}
	return to
}

// A server that lets go in the middle loses no letter, and none goes out again that it
// said to have taken.
func TestNoLetterIsLostWhenTheServerDrops(t *testing.T) {
	t.Parallel()
	for at, want := range map[string][]string{
		"":     {"ada@wallet.example", "rey@wallet.example"},
		"RCPT": {"ada@wallet.example", "rey@wallet.example"},
		"DATA": {"ada@wallet.example", "rey@wallet.example"},
		".":    {"ada@wallet.example", "ada@wallet.example", "ada@wallet.example", "rey@wallet.example"}, // before it says that it took it
		"QUIT": {"ada@wallet.example", "rey@wallet.example"},                                             // after that
		"RSET": {"ada@wallet.example", "rey@wallet.example"},
	} {
		t.Run("at "+at, func(t *testing.T) {
			t.Parallel()
			var drops atomic.Int64
			s := server(t, &lettertest.ServerOptions{Answer: func(command string) string {
				if word, _, _ := strings.Cut(command, " "); word == at && drops.Add(1) <= 2 {
					return lettertest.Drop
				}
				return ""
			}})
			p := dispatch(t, s, 10)
			open(t, p)
			until(t, "all letters", func() bool { return len(s.Mails()) >= len(want) })
			time.Sleep(50 * time.Millisecond) // for what should not come
			require.Equal(t, want, receivers(t, s))
			require.Empty(t, dead(t, p))
		})
	}
}

// A server that never says that it took a letter leaves a dead letter, which goes out
// when somebody retries it; those behind it do not wait for that.
func TestAServerThatAlwaysDropsLeavesADeadLetter(t *testing.T) {
	t.Parallel()
	var broken atomic.Bool
	broken.Store(true)
	s := server(t, &lettertest.ServerOptions{Answer: func(command string) string {
		if strings.HasPrefix(command, "RCPT TO:<ada@") && broken.Load() {
			return lettertest.Drop
		}
		return ""
	}})
	p := dispatch(t, s, 3)
	open(t, p)
	until(t, "the letter behind it", func() bool { return len(s.Mails()) == 1 })
	require.Equal(t, []string{"rey@wallet.example"}, receivers(t, s))
	found := dead(t, p)
	require.Len(t, found, 1)
	require.Equal(t, 3, found[0].Attempts)
	require.Contains(t, found[0].Error, smtp.ErrUnavailable.Error())
	require.NotContains(t, found[0].Error, "ada@")

	broken.Store(false)
	require.NoError(t, p.Delivery.Retry(t.Context(), operator, "letters", found[0].Workspace, found[0].Seq))
	until(t, "the letter that was dead", func() bool { return len(s.Mails()) == 2 })
	require.Equal(t, []string{"rey@wallet.example", "ada@wallet.example"}, receivers(t, s))
	until(t, "no dead letter", func() bool { return len(dead(t, p)) == 0 })
}

// An address that does not exist is given up at once: nobody waits for it.
func TestARefusedLetterIsDeadAtOnce(t *testing.T) {
	t.Parallel()
	var asked atomic.Int64
	s := server(t, &lettertest.ServerOptions{Answer: func(command string) string {
		if strings.HasPrefix(command, "RCPT TO:<ada@") {
			asked.Add(1)
			return "550 5.1.1 no such user"
		}
		return ""
	}})
	p := dispatch(t, s, 1000)
	open(t, p)
	until(t, "the letter behind it", func() bool { return len(s.Mails()) == 1 })
	found := dead(t, p)
	require.Len(t, found, 1)
	require.Equal(t, 1, found[0].Attempts)
	require.Contains(t, found[0].Error, "550 5.1.1")
	require.EqualValues(t, 1, asked.Load())
}

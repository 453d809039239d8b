// Package lettertest receives letters in tests: a [Mailbox] in place of a mailer, and
// a [Server] for who wants to see what goes over the wire. The package imports nothing
// beyond this module and the standard library.
package lettertest

import (
	"context"
	"slices"
	"sync"

	"github.com/superapp-go/superapp/letter"
)

// A Mailbox is a mailer that keeps what it is given. The zero value is ready. It is
// safe for concurrent use.
type Mailbox struct {
	mu   sync.Mutex
	all  []letter.Message
	fail func(letter.Message) error
}

// Send keeps the message, unless [Mailbox.Fail] says otherwise.
func (b *Mailbox) Send(ctx context.Context, m letter.Message) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.fail != nil {
		if err := b.fail(m); err != nil {
			return err
		}
	}
	b.all = append(b.all, m)
	return nil
}

// Fail has fn say what becomes of each message from now on: nil keeps it, an error is
// what Send returns. A nil fn keeps them all again.
func (b *Mailbox) Fail(fn func(letter.Message) error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.fail = fn
}

// Messages returns what was kept, in the order in which it came.
func (b *Mailbox) Messages() []letter.Message {
	b.mu.Lock()
	defer b.mu.Unlock()
	return slices.Clone(b.all)
}

// To returns the messages to an address.
func (b *Mailbox) To(email string) []letter.Message {
	return slices.DeleteFunc(b.Messages(), func(m letter.Message) bool { return m.To.Email != email })
}

// Clear forgets what was kept.
func (b *Mailbox) Clear() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.all = nil
}

package letter

import "sync"

// A ledger remembers letters that were sent about events of which another letter was
// not, by their Message-IDs. The zero value is empty.
type ledger struct {
	mu   sync.Mutex
	sent map[string]bool
}

// maxLedger is how many letters a ledger remembers; then it begins anew, and some go out
// twice.
const maxLedger = 10_000

func (l *ledger) has(letter string) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.sent[letter]
}

func (l *ledger) keep(letters []string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.sent == nil || len(l.sent) > maxLedger {
		l.sent = make(map[string]bool)
	}
	for _, letter := range letters {
		l.sent[letter] = true
	}
}

func (l *ledger) drop(letters []string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, letter := range letters {
		delete(l.sent, letter)
	}
}

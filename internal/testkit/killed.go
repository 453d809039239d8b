package testkit

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"os"
	"os/exec"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/superapp-go/superapp"
	"github.com/superapp-go/superapp/audit"
	"github.com/superapp-go/superapp/delivery"
	"github.com/superapp-go/superapp/id"
	"github.com/superapp-go/superapp/rbac"
	"github.com/superapp-go/superapp/storage"
	"github.com/superapp-go/superapp/unit"
	"github.com/superapp-go/superapp/workspace"
)

// processAt is the variable that tells a process of [DeliveryProcess] its database.
const processAt = "SUPERAPP_TEST_PROCESS"

// DeliveryProcess is the whole of a test TestDeliveryProcess, which does nothing but in
// the process that [Killed] starts. There it delivers the events of the store that open
// opens. It tells of each on its standard output, and has dealt with it when a line comes
// in. It ends with its standard input, if it is not killed.
func DeliveryProcess(t *testing.T, open func(t *testing.T, at string) storage.Store) {
	at := os.Getenv(processAt)
	if at == "" {
		return
	}
	in := bufio.NewReader(os.Stdin)
	ctx, cancel := context.WithCancel(t.Context())
	dispatch(ctx, t, open(t, at), 1, func(e audit.Event) error {
		fmt.Printf("has %s %d\n", e.Workspace, e.Seq)
		if _, err := in.ReadString('\n'); err != nil {
			cancel()
			return err
		}
		return nil
	})
}

// dispatch runs a dispatcher until the context ends. Its leases are short, but long
// enough for a handler on a busy machine.
func dispatch(ctx context.Context, t *testing.T, s storage.Store, workers int, handle func(audit.Event) error) {
	p, err := superapp.New(s, nil)
	if err != nil {
		t.Error(err)
		return
	}
	d, err := p.Delivery.Dispatcher(&delivery.Options{Workers: workers, Interval: 50 * time.Millisecond, Timeout: 6 * time.Second, Lease: 8100 * time.Millisecond})
	if err == nil {
		err = d.Handle("test", delivery.HandlerFunc(func(_ context.Context, e audit.Event) error { return handle(e) }), &delivery.HandlerOptions{FromStart: true})
	}
	if err == nil {
		err = d.Run(ctx)
	}
	if err != nil {
		t.Error(err)
	}
}

// Killed delivers by two processes on one database, which is migrated and empty: the
// test on s, and another one of the same program, whose TestDeliveryProcess opens it by
// at. The other is killed in the middle of a handler. Until then nobody else is told of
// that workspace's events, but of those of all others; then all of them arrive, also the
// one that was being dealt with.
func Killed(t *testing.T, s storage.Store, at string) {
	t.Helper()
	const spaces, each = 3, 5
	ctx, cancel := context.WithTimeout(t.Context(), 2*time.Minute)
	defer cancel()
	for range spaces {
		w := workspace.Workspace{ID: id.Workspace{UUID: id.New()}, Kind: workspace.Tenant, Status: workspace.Verified, Name: "W"}
		w.Tenant = w.ID
		if err := s.Update(ctx, unit.Scope{}, func(ctx context.Context, tx storage.Tx) error { return tx.InsertWorkspace(ctx, w) }); err != nil {
			t.Fatal(err)
		}
		if err := s.Update(ctx, unit.Scope{Workspaces: []id.Workspace{w.ID}}, func(ctx context.Context, tx storage.Tx) error {
			for range each {
				if err := audit.Append(ctx, tx, audit.Entry{Workspace: w.ID, Verb: "test.happened", Object: rbac.OnWorkspace(w.ID), Actor: rbac.System("test"), At: time.Now()}); err != nil {
					return err
				}
			}
			return nil
		}); err != nil {
			t.Fatal(err)
		}
	}
	other := newProcess(t, at)
	for range 2 {
		other.has(ctx)
		other.goOn()
	}
	held := other.has(ctx)

	var mu sync.Mutex
	got := map[id.Workspace][]uint64{}
	so := func() (rest int, holder []uint64) {
		mu.Lock()
		defer mu.Unlock()
		for w, seqs := range got {
			if w != held {
				rest += len(seqs)
			}
		}
		return rest, slices.Clone(got[held])
	}
	running, stop := context.WithCancel(ctx)
	var own sync.WaitGroup
	own.Go(func() {
		dispatch(running, t, s, 4, func(e audit.Event) error {
			mu.Lock()
			defer mu.Unlock()
			got[e.Workspace] = append(got[e.Workspace], e.Seq)
			return nil
		})
	})
	defer own.Wait()
	defer stop()
	wait := func(what string, done func() bool) {
		for !done() {
			if ctx.Err() != nil {
				t.Fatalf("%s: got %v", what, got)
			}
			time.Sleep(10 * time.Millisecond)
		}
	}
	wait("the other workspaces", func() bool { rest, _ := so(); return rest == (spaces-1)*each })
	time.Sleep(200 * time.Millisecond)
	_, early := so()
	other.kill()
	if len(early) > 0 {
		t.Fatalf("events %v arrive here while the other process deals with one of their workspace", early)
	}
	wait("the events of the workspace whose process was killed", func() bool { _, held := so(); return len(held) > 0 && held[len(held)-1] == each })
	_, late := so()
	for i, seq := range late {
		if first := late[0]; first > 3 || seq != first+uint64(i) {
			t.Fatalf("events %v arrive after the other process was killed with the third: want all from it on, in order", late)
		}
	}
}

// A process is another one that delivers.
type process struct {
	t     *testing.T
	cmd   *exec.Cmd
	in    io.WriteCloser
	lines chan string
}

func newProcess(t *testing.T, at string) *process {
	t.Helper()
	p := &process{t: t, cmd: exec.Command(os.Args[0], "-test.run=^TestDeliveryProcess$", "-test.timeout=2m"), lines: make(chan string, 100)}
	p.cmd.Env = append(os.Environ(), processAt+"="+at)
	var err error
	if p.in, err = p.cmd.StdinPipe(); err != nil {
		t.Fatal(err)
	}
	out, err := p.cmd.StdoutPipe()
	if err == nil {
		p.cmd.Stderr = p.cmd.Stdout
		err = p.cmd.Start()
	}
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(p.kill)
	go func() {
		defer close(p.lines)
		for lines := bufio.NewScanner(out); lines.Scan(); {
			p.lines <- lines.Text()
		}
	}()
	return p
}

// has waits for the process to be in its handler, and returns whose event it has.
func (p *process) has(ctx context.Context) (w id.Workspace) {
	p.t.Helper()
	select {
	case line, ok := <-p.lines:
		var text string
		var seq int
		if _, err := fmt.Sscanf(line, "has %s %d", &text, &seq); err == nil {
			if w, err = id.ParseWorkspace(text); err == nil {
				return w
			}
		}
		more := []string{line}
		for ok {
			line, ok = <-p.lines
			more = append(more, line)
		}
		p.t.Fatalf("the other process says:\n%s", strings.Join(more, "\n"))
	case <-ctx.Done():
		p.t.Fatal("the other process has no event")
	}
	return w
}

func (p *process) goOn() {
	p.t.Helper()
	if _, err := io.WriteString(p.in, "\n"); err != nil {
		p.t.Fatal(err)
	}
}

// kill ends the process as a power cut does.
func (p *process) kill() {
	_ = p.cmd.Process.Kill()
	_ = p.cmd.Wait() // the second time it has ended
}

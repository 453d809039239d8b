package dbtest_test

import (
	"context"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// soon is a context for what ends at once, or never.
func soon(t testing.TB) context.Context {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
	t.Cleanup(cancel)
	return ctx
}

func TestProxyChangesNothing(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, e engine) {
		p := e.place(t)
		_, err := p.far.Exec(p.insert(), 7)
		require.NoError(t, err)
		require.Equal(t, 1, p.notes(t))
		for _, size := range []int{0, 1, 4096, 1 << 20} {
			want := strings.Repeat("x", size)
			var got string
			require.NoError(t, p.far.QueryRow("SELECT CONCAT('', '"+want+"')").Scan(&got))
			require.Equal(t, want, got, "a long statement and a long answer")
		}
	})
}

func TestCut(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, e engine) {
		p := e.place(t)
		one, err := p.far.Conn(t.Context())
		require.NoError(t, err)
		defer one.Close()
		two, err := p.far.Conn(t.Context())
		require.NoError(t, err)
		defer two.Close()
		p.proxy.Cut()
		_, err = one.ExecContext(t.Context(), p.insert(), 1)
		require.Error(t, err)
		_, err = two.ExecContext(t.Context(), p.insert(), 2)
		require.Error(t, err)
		require.Zero(t, p.notes(t))
		_, err = p.far.Exec(p.insert(), 3)
		require.NoError(t, err, "a new connection works")
	})
}

func TestRefuse(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, e engine) {
		p := e.place(t)
		open, err := p.far.Conn(t.Context())
		require.NoError(t, err)
		defer open.Close()

		p.proxy.Refuse(true)
		p.proxy.Refuse(true)
		_, err = p.far.Conn(t.Context())
		require.ErrorIs(t, err, syscall.ECONNREFUSED)
		_, err = open.ExecContext(t.Context(), p.insert(), 1)
		require.NoError(t, err, "what is open goes on")

		p.proxy.Refuse(false)
		p.proxy.Refuse(false)
		_, err = p.far.Exec(p.insert(), 2)
		require.NoError(t, err)
		again, err := p.far.Conn(t.Context())
		require.NoError(t, err, "at the same port")
		require.NoError(t, again.Close())
	})
}

// A server that goes down takes those with it that are about to get in.
func TestRefuseAndCutLeaveNobody(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, e engine) {
		p, may := e.place(t), make(chan struct{})
		p.proxy.DialLate(may)
		arrived := make(chan error)
		go func() { arrived <- p.far.PingContext(t.Context()) }()
		time.Sleep(50 * time.Millisecond) // it is accepted in the meantime
		p.proxy.Refuse(true)
		p.proxy.Cut()
		close(may)
		require.Error(t, <-arrived)
	})
}

func TestStall(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, e engine) {
		p := e.place(t)
		conn, err := p.far.Conn(t.Context())
		require.NoError(t, err)
		defer conn.Close()

		p.proxy.Stall()
		p.proxy.Stall()
		ended := make(chan error)
		go func() {
			_, err := conn.ExecContext(t.Context(), p.one())
			ended <- err
		}()
		p.await(t, 1)
		_, err = p.far.Conn(soon(t))
		require.ErrorIs(t, err, context.DeadlineExceeded, "a new connection is stalled as well")
		select {
		case <-ended:
			require.Fail(t, "the answer came")
		default:
		}

		p.proxy.Release()
		p.proxy.Release()
		require.NoError(t, <-ended)
		_, err = p.far.Exec(p.insert(), 2)
		require.NoError(t, err)
	})
}

func TestProxyEndsWithItsTest(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, e engine) {
		var dsn string
		t.Run("test", func(t *testing.T) {
			p := e.place(t)
			dsn = p.proxy.DSN
			conn, err := p.far.Conn(t.Context())
			require.NoError(t, err)
			p.proxy.Stall()
			go conn.ExecContext(t.Context(), p.one())
			p.await(t, 1)
		})
		require.ErrorIs(t, e.open(t, dsn).PingContext(t.Context()), syscall.ECONNREFUSED)
	})
}

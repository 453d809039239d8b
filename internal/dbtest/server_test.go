package dbtest_test

import (
	"fmt"
	"runtime"
	"testing"

	"github.com/stretchr/testify/require"
)

// An outcome is a test that only remembers how it ended.
type outcome struct {
	testing.TB
	skipped, failed string
}

func (o *outcome) Helper()        {}
func (o *outcome) Cleanup(func()) {}

func (o *outcome) Skipf(format string, args ...any) {
	o.skipped = fmt.Sprintf(format, args...)
	runtime.Goexit()
}

func (o *outcome) Fatalf(format string, args ...any) {
	o.failed = fmt.Sprintf(format, args...)
	runtime.Goexit()
}

// ends runs fn as a test of its own.
func ends(t *testing.T, fn func(testing.TB)) *outcome {
	o := &outcome{TB: t}
	done := make(chan struct{})
	go func() {
		defer close(done)
		fn(o)
	}()
	<-done
	return o
}

func TestServerFromTheEnvironment(t *testing.T) {
	nowhere := map[string]string{"postgres": "postgres://me:secret@127.0.0.1:1/test", "mysql": "me:secret@tcp(127.0.0.1:1)/test"}
	for _, e := range engines {
		t.Run(e.name, func(t *testing.T) {
			start := func(t *testing.T, dsn, ci string) *outcome {
				t.Setenv(e.variable, dsn)
				t.Setenv("CI", ci)
				return ends(t, func(t testing.TB) { e.fresh(t) })
			}
			t.Run("missing skips", func(t *testing.T) {
				o := start(t, "", "")
				require.Empty(t, o.failed)
				require.Contains(t, o.skipped, "set "+e.variable+" to a DSN such as ")
				require.Contains(t, o.skipped, "apt-get install")
			})
			t.Run("missing fails in CI", func(t *testing.T) {
				o := start(t, "", "true")
				require.Empty(t, o.skipped)
				require.Contains(t, o.failed, "set "+e.variable+" to a DSN such as ")
			})
			t.Run("unreachable fails", func(t *testing.T) {
				for _, ci := range []string{"", "true"} {
					o := start(t, nowhere[e.name], ci)
					require.Empty(t, o.skipped)
					require.Contains(t, o.failed, e.variable+" cannot be reached: start it")
					require.NotContains(t, o.failed, "secret")
				}
			})
			t.Run("no DSN fails", func(t *testing.T) {
				require.Contains(t, start(t, "@@=@@", "").failed, e.variable)
			})
		})
	}
}

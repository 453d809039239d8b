package dbtest

import (
	"os"
	"path/filepath"
	"sync"
	"testing"
)

// Template returns a function that gives a test a file of its own: a copy of
// the one that build writes when the first test asks. Build must have closed it
// before it returns.
func Template(build func(path string) error) func(testing.TB) string {
	read := sync.OnceValues(func() ([]byte, error) {
		dir, err := os.MkdirTemp("", "template")
		if err != nil {
			return nil, err
		}
		defer os.RemoveAll(dir)
		path := filepath.Join(dir, "platform.db")
		if err := build(path); err != nil {
			return nil, err
		}
		return os.ReadFile(path)
	})
	return func(t testing.TB) string {
		t.Helper()
		content, err := read()
		if err != nil {
			t.Fatalf("the file to copy: %v", err)
		}
		path := filepath.Join(t.TempDir(), "platform.db")
		if err := os.WriteFile(path, content, 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
}

package archive

import (
	"archive/zip"
	"bytes"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// files returns what others read from a ZIP file, by its name, and checks what is
// the same for all.
func files(t *testing.T, z *zip.Reader) map[string]string {
	t.Helper()
	found := map[string]string{}
	for _, f := range z.File {
		if !f.Modified.Equal(time.Date(1980, 1, 1, 0, 0, 0, 0, time.UTC)) || f.NonUTF8 || f.Mode() != 0o644 {
			require.Failf(t, "a header that varies", "%+v", f.FileHeader)
		}
		r, err := f.Open()
		require.NoError(t, err, f.Name)
		data, err := io.ReadAll(r)
		require.NoError(t, err, f.Name)
		found[f.Name] = string(data)
	}
	require.Len(t, found, len(z.File), "names are unique")
	return found
}

func open(t *testing.T, b []byte) *zip.Reader {
	t.Helper()
	z, err := zip.NewReader(bytes.NewReader(b), int64(len(b)))
	require.NoError(t, err)
	return z
}

// write makes a ZIP file of n small files and an index.
func write(w io.Writer, n int, dir string) error {
	directory, rows := &Spool{Dir: dir}, &Spool{Dir: dir}
	defer directory.Remove()
	defer rows.Remove()
	z, index := NewWriter(w, directory), NewText(rows)
	for i := range n {
		add := z.Store
		if i%2 == 1 {
			add = z.Deflate
		}
		if err := add(fmt.Sprintf("%05d-é.txt", i), fmt.Appendf(nil, "file %d %s", i, strings.Repeat("x", i%100))); err != nil {
			return err
		}
		if _, err := fmt.Fprintln(index, i, rand.New(rand.NewPCG(1, uint64(i))).Uint64()); err != nil {
			return err
		}
	}
	if err := z.Add("index", index); err != nil {
		return err
	}
	return z.Close()
}

func TestOthersReadIt(t *testing.T) {
	t.Parallel()
	// With the index 65,534 are more than ZIP had room for in its first form.
	for _, n := range []int{0, 1, 1000, 65533, 65534} {
		t.Run(fmt.Sprint(n, " files"), func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			var b bytes.Buffer
			require.NoError(t, write(&b, n, dir))
			found := files(t, open(t, b.Bytes()))
			require.Len(t, found, n+1)
			for i := range n {
				want := fmt.Sprintf("file %d %s", i, strings.Repeat("x", i%100))
				if got := found[fmt.Sprintf("%05d-é.txt", i)]; got != want {
					require.Equal(t, want, got)
				}
			}
			require.Equal(t, n, strings.Count(found["index"], "\n"))

			var again bytes.Buffer
			require.NoError(t, write(&again, n, dir))
			require.True(t, bytes.Equal(b.Bytes(), again.Bytes()), "the same files make the same bytes")
			left, err := os.ReadDir(dir)
			require.NoError(t, err)
			require.Empty(t, left)
		})
	}
}

// far is a file that begins with as many zeros as it says.
type far struct {
	before int64
	data   []byte
}

func (f far) ReadAt(p []byte, at int64) (int, error) {
	for i := range p {
		switch {
		case at+int64(i) < f.before:
			p[i] = 0
		case at+int64(i)-f.before < int64(len(f.data)):
			p[i] = f.data[at+int64(i)-f.before]
		default:
			return i, io.EOF
		}
	}
	return len(p), nil
}

func TestBeyondFourGigabytes(t *testing.T) {
	t.Parallel()
	for _, before := range []int64{1<<32 - 60, 1<<32 - 1, 1 << 32, 9 << 32} {
		var b bytes.Buffer
		var directory Spool
		z := NewWriter(&b, &directory)
		z.written = uint64(before)
		require.NoError(t, z.Store("a", []byte("first")))
		require.NoError(t, z.Deflate("b", []byte("second")))
		require.NoError(t, z.Close())
		r, err := zip.NewReader(far{before, b.Bytes()}, before+int64(b.Len()))
		require.NoError(t, err)
		require.Equal(t, map[string]string{"a": "first", "b": "second"}, files(t, r))
	}
}

func TestWriterThatFails(t *testing.T) {
	t.Parallel()
	var b bytes.Buffer
	require.NoError(t, write(&b, 4, ""))
	full := errors.New("disk full")
	for left := 0; left < b.Len(); left += 1 + left%13 {
		require.ErrorIs(t, write(&limited{left, full}, 4, ""), full, "after %d bytes", left)
		require.ErrorIs(t, write(&limited{left, nil}, 4, ""), io.ErrShortWrite, "after %d bytes", left)
	}
	require.NoError(t, write(&limited{b.Len(), full}, 4, ""))
}

// A limited writer takes so many bytes and fails then.
type limited struct {
	left int
	err  error
}

func (w *limited) Write(b []byte) (int, error) {
	if len(b) > w.left {
		n := w.left
		w.left = 0
		return n, w.err
	}
	w.left -= len(b)
	return len(b), nil
}

func TestSpool(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(1, 1))
	for _, size := range []int{0, 1, inMemory - 1, inMemory, inMemory + 1, 5*inMemory + 7} {
		s := &Spool{Dir: t.TempDir()}
		var want bytes.Buffer
		for want.Len() < size {
			piece := make([]byte, min(size-want.Len(), 1+r.IntN(5000)))
			for i := range piece {
				piece[i] = byte(r.Uint32())
			}
			want.Write(piece)
			n, err := s.Write(piece)
			require.NoError(t, err)
			require.Equal(t, len(piece), n)
			require.LessOrEqual(t, len(s.recent), inMemory)
		}
		require.EqualValues(t, size, s.Len())
		require.Equal(t, size > inMemory, s.file != nil, "%d bytes", size)
		for range 2 {
			var got bytes.Buffer
			n, err := s.WriteTo(&got)
			require.NoError(t, err)
			require.EqualValues(t, size, n)
			require.True(t, bytes.Equal(want.Bytes(), got.Bytes()), "%d bytes", size)
		}
		s.Remove()
		s.Remove()
		left, err := os.ReadDir(s.Dir)
		require.NoError(t, err)
		require.Empty(t, left)
	}
	t.Run("nowhere to go", func(t *testing.T) {
		t.Parallel()
		err := write(io.Discard, 5000, filepath.Join(t.TempDir(), "missing"))
		require.ErrorIs(t, err, os.ErrNotExist)
	})
}

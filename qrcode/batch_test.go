package qrcode_test

import (
	"archive/zip"
	"bytes"
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"iter"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/require"
	"golang.org/x/text/unicode/norm"

	"github.com/superapp-go/superapp/fault"
	"github.com/superapp-go/superapp/page"
	"github.com/superapp-go/superapp/qrcode"
)

var menuPage = qrcode.Target{MiniProgram: shop, Page: "pages/menu"}

// tableCodes returns the codes of n tables.
func tableCodes(n int) iter.Seq2[qrcode.Code, error] {
	return qrcode.Links(qrcode.AlipayStyle(""), menuPage, qrcode.Numbered("Table", "table", 1, n))
}

// of returns a sequence of codes.
func of(codes ...qrcode.Code) iter.Seq2[qrcode.Code, error] {
	return func(yield func(qrcode.Code, error) bool) {
		for _, c := range codes {
			if !yield(c, nil) {
				return
			}
		}
	}
}

func named(name string) qrcode.Code {
	return qrcode.Code{Definition: qrcode.Definition{Name: name}, Link: link}
}

// batch writes one and returns its bytes.
func batch(t *testing.T, codes iter.Seq2[qrcode.Code, error], o *qrcode.BatchOptions) []byte {
	t.Helper()
	var b bytes.Buffer
	_, err := qrcode.WriteBatch(t.Context(), &b, codes, o)
	require.NoError(t, err)
	return b.Bytes()
}

// unpack returns the files of a batch in their order, what is in them, and the rows
// of the index without its first.
func unpack(t *testing.T, b []byte) (names []string, files map[string][]byte, rows [][]string) {
	t.Helper()
	z, err := zip.NewReader(bytes.NewReader(b), int64(len(b)))
	require.NoError(t, err)
	files = map[string][]byte{}
	for _, f := range z.File {
		r, err := f.Open()
		require.NoError(t, err)
		data, err := io.ReadAll(r)
		require.NoError(t, err, f.Name)
		names, files[f.Name] = append(names, f.Name), data
	}
	require.Len(t, files, len(names), "names are unique")
	last := names[len(names)-1]
	require.Equal(t, "index.csv", last)
	text, found := bytes.CutPrefix(files[last], []byte("\ufeff"))
	require.True(t, found)
	rows, err = csv.NewReader(bytes.NewReader(text)).ReadAll()
	require.NoError(t, err)
	require.Equal(t, []string{"file", "name", "link", "page", "parameters", "error"}, rows[0])
	return names[:len(names)-1], files, rows[1:]
}

func TestBatch(t *testing.T) {
	t.Parallel()
	var seen []qrcode.Batch
	b := batch(t, tableCodes(3), &qrcode.BatchOptions{Progress: func(b qrcode.Batch) { seen = append(seen, b) }})
	names, files, rows := unpack(t, b)
	require.Equal(t, []string{"00001-Table-1.png", "00002-Table-2.png", "00003-Table-3.png"}, names)
	require.Equal(t, []qrcode.Batch{{Written: 1}, {Written: 2}, {Written: 3}}, seen)
	for i, name := range names {
		want := fmt.Sprintf("superapp://platformapi/startapp?appId=%s&page=pages%%2Fmenu&query=table%%3D%d", shop, i+1)
		require.Equal(t, want, scan(t, files[name]))
		require.Equal(t, []string{name, fmt.Sprintf("Table %d", i+1), want, "pages/menu", fmt.Sprintf("table=%d", i+1), ""}, rows[i])
	}
	require.True(t, bytes.Equal(b, batch(t, tableCodes(3), nil)), "the same codes make the same bytes")
	require.Equal(t, 5, bytes.Count(files["index.csv"], []byte("\r\n"))+1)

	names, _, rows = unpack(t, batch(t, tableCodes(0), nil))
	require.Empty(t, names)
	require.Empty(t, rows)
}

func TestBatchOfFormats(t *testing.T) {
	t.Parallel()
	style := &qrcode.Style{Module: 4, Caption: "Scan me"}
	for format, begins := range map[qrcode.Format]string{qrcode.PNG: "\x89PNG", qrcode.SVG: "<", qrcode.PDF: "%PDF-1."} {
		t.Run(format.String(), func(t *testing.T) {
			t.Parallel()
			for _, o := range []qrcode.BatchOptions{
				{Format: format},
				{Format: format, Style: style},
				{Format: format, Style: style, Caption: func(c qrcode.Code) string { return c.Name }, File: func(c qrcode.Code) string { return c.Page }},
			} {
				names, files, _ := unpack(t, batch(t, tableCodes(2), &o))
				for i, name := range names {
					require.Equal(t, map[bool]string{true: fmt.Sprintf("%05d-Table-%d.%s", i+1, i+1, format), false: fmt.Sprintf("%05d-pages-menu.%s", i+1, format)}[o.File == nil], name)
					require.True(t, bytes.HasPrefix(files[name], []byte(begins)))
					// What is in the batch is what the code draws by itself.
					n := 0
					for c := range tableCodes(2) {
						if n++; n != i+1 {
							continue
						}
						alone := qrcode.Style{}
						if o.Style != nil {
							alone = *o.Style
						}
						if o.Caption != nil {
							alone.Caption = c.Name
						}
						var want bytes.Buffer
						require.NoError(t, map[qrcode.Format]func(io.Writer, *qrcode.Style) error{
							qrcode.PNG: c.WritePNG, qrcode.SVG: c.WriteSVG, qrcode.PDF: c.WritePDF,
						}[format](&want, &alone))
						require.True(t, bytes.Equal(want.Bytes(), files[name]))
					}
				}
			}
		})
	}
	require.Equal(t, "? png svg pdf ?", fmt.Sprint(qrcode.Format(0), qrcode.PNG, qrcode.SVG, qrcode.PDF, qrcode.Format(4)))
}

func TestBatchOfDefinedCodes(t *testing.T) {
	t.Parallel()
	service, _ := newService(nil)
	for _, table := range []string{"1", "2"} {
		_, err := service.Define(t.Context(), admin, qrcode.Define{
			MiniProgram: shop, Name: "Table " + table, Page: "p", Params: []qrcode.Param{{Key: "table", Value: table}},
		})
		require.NoError(t, err)
	}
	_, files, rows := unpack(t, batch(t, page.All(t.Context(), service.List, admin, qrcode.Filter{MiniProgram: shop}), nil))
	require.Len(t, rows, 2)
	for _, row := range rows {
		require.Equal(t, row[2], scan(t, files[row[0]]))
	}
	_, err := qrcode.WriteBatch(t.Context(), io.Discard, page.All(t.Context(), service.List, stranger, qrcode.Filter{MiniProgram: shop}), nil)
	require.ErrorIs(t, err, fault.ErrNotFound)
}

func TestFileNames(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]string{
		"":                                "00001",
		"Table 7":                         "00001-Table-7",
		"../../etc/passwd":                "00001-etc-passwd",
		`C:\con.txt`:                      "00001-C-con-txt",
		"a/b\\c:d*e?f\"g<h>i|j":           "00001-a-b-c-d-e-f-g-h-i-j",
		"\x00\x1f\u202egnp.exe\u200f":     "00001-gnp-exe",
		"菜单 🍜 é":                          "00001-菜单-🍜-é",
		"cafe\u0301":                      "00001-café",
		"end. ":                           "00001-end",
		"a_b--c..d":                       "00001-a_b-c-d",
		"\xff\xfe":                        "00001",
		strings.Repeat("x", 100):          "00001-" + strings.Repeat("x", 58),
		"x" + strings.Repeat("菜", 30):     "00001-x" + strings.Repeat("菜", 19),
		strings.Repeat("x", 57) + " tail": "00001-" + strings.Repeat("x", 57),
	} {
		names, _, _ := unpack(t, batch(t, of(named(name)), nil))
		require.Equal(t, []string{want + ".png"}, names)
	}
	names, _, _ := unpack(t, batch(t, of(named("A"), named("a"), named("A")), nil))
	require.Equal(t, []string{"00001-A.png", "00002-a.png", "00003-A.png"}, names)
}

func FuzzFileName(f *testing.F) {
	f.Add("Table 7")
	f.Add("..\\a/b\u202e\u0301\xff.")
	f.Fuzz(func(t *testing.T, name string) {
		names, _, _ := unpack(t, batch(t, of(named(name)), nil))
		require.True(t, norm.NFC.IsNormalString(names[0]) && utf8.ValidString(names[0]), "%q", names[0])
		require.LessOrEqual(t, len(names[0]), 64+len(".png"))
		require.NotContains(t, strings.TrimSuffix(names[0], ".png"), ".")
		require.False(t, strings.ContainsAny(names[0], "/\\:*?\"<>| \x00\n"), "%q", names[0])
	})
}

func TestIndexIsHarmless(t *testing.T) {
	t.Parallel()
	for cell, want := range map[string]string{
		"Table 7":                "Table 7",
		"a=b+c-d@e":              "a=b+c-d@e",
		"=1+1":                   "'=1+1",
		"+1":                     "'+1",
		"-1":                     "'-1",
		"@SUM(A1)":               "'@SUM(A1)",
		"\t=1":                   "'\t'=1",
		"＝1":                     "'＝1",
		" =1":                    " '=1",
		`"=1`:                    `"'=1`,
		"x;=cmd|' /C calc'!A0;y": "x;'=cmd|' /C calc'!A0;y",
		"x; \"=1":                "x; \"'=1",
		"a\n=1":                  "a\n'=1",
		"a,\"b\"":                "a,\"b\"",
	} {
		c := named(cell)
		_, _, rows := unpack(t, batch(t, of(c), nil))
		require.Equal(t, want, rows[0][1], "%q", cell)
	}
	c := named("x")
	c.Params = []qrcode.Param{{Key: "-a", Value: "=1"}}
	_, _, rows := unpack(t, batch(t, of(c), nil))
	require.Equal(t, "'-a=%3D1", rows[0][4])
}

func TestBatchRefused(t *testing.T) {
	t.Parallel()
	for field, o := range map[string]qrcode.BatchOptions{
		"format":  {Format: 4},
		"size":    {Style: &qrcode.Style{Size: -1}},
		"caption": {Style: &qrcode.Style{Caption: "\x00"}, KeepGoing: true},
	} {
		var b bytes.Buffer
		done, err := qrcode.WriteBatch(t.Context(), &b, tableCodes(2), &o)
		require.ErrorIs(t, err, fault.ErrInput)
		require.ErrorContains(t, err, "qrcode: write batch: "+field+": ")
		require.Zero(t, done)
		require.Zero(t, b.Len())
	}
}

func TestBatchWithACodeThatIsRefused(t *testing.T) {
	t.Parallel()
	long := named("long")
	long.Link = linkOf(3000)
	codes := of(named("a"), long, named("c"))
	var b bytes.Buffer
	done, err := qrcode.WriteBatch(t.Context(), &b, codes, nil)
	require.Equal(t, qrcode.Batch{Written: 1}, done)
	requireProblem(t, err, "codes[1].link", "too_long", "the link has 3000")
	require.ErrorContains(t, err, "qrcode: write batch: after 1 codes: ")
	_, err = zip.NewReader(bytes.NewReader(b.Bytes()), int64(b.Len()))
	require.Error(t, err, "what is not whole is no ZIP file")

	b.Reset()
	done, err = qrcode.WriteBatch(t.Context(), &b, codes, &qrcode.BatchOptions{KeepGoing: true})
	require.NoError(t, err)
	require.Equal(t, qrcode.Batch{Written: 2, LeftOut: 1}, done)
	names, _, rows := unpack(t, b.Bytes())
	require.Equal(t, []string{"00001-a.png", "00003-c.png"}, names)
	require.Equal(t, []string{"", "long"}, rows[1][:2])
	require.Contains(t, rows[1][5], "the link has 3000")
	require.Equal(t, []string{"", ""}, []string{rows[0][5], rows[2][5]})
}

func TestBatchOfASequenceThatFails(t *testing.T) {
	t.Parallel()
	broken := errors.New("database gone")
	codes := func(yield func(qrcode.Code, error) bool) {
		_ = yield(named("a"), nil) && yield(named("b"), nil) && yield(qrcode.Code{}, broken)
	}
	for _, keep := range []bool{false, true} {
		done, err := qrcode.WriteBatch(t.Context(), io.Discard, codes, &qrcode.BatchOptions{KeepGoing: keep})
		require.ErrorIs(t, err, broken)
		require.EqualError(t, err, "qrcode: write batch: after 2 codes: database gone")
		require.Equal(t, qrcode.Batch{Written: 2}, done)
	}
}

func TestBatchThatIsCancelled(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancelCause(t.Context())
	home := errors.New("gone home")
	done, err := qrcode.WriteBatch(ctx, io.Discard, tableCodes(1000), &qrcode.BatchOptions{Progress: func(b qrcode.Batch) {
		if b.Written == 5 {
			cancel(home)
		}
	}})
	require.ErrorIs(t, err, home)
	require.Equal(t, qrcode.Batch{Written: 5}, done)

	ctx, stop := context.WithCancel(t.Context())
	_, err = qrcode.WriteBatch(ctx, io.Discard, tableCodes(3), &qrcode.BatchOptions{Progress: func(b qrcode.Batch) {
		if b.Written == 3 {
			stop()
		}
	}})
	require.ErrorIs(t, err, context.Canceled, "also before the end is written")
}

func TestBatchToAWriterThatFails(t *testing.T) {
	t.Parallel()
	full := errors.New("disk full")
	all := batch(t, tableCodes(3), nil)
	var ends []int // of the pictures
	for at := 4; ; at++ {
		next := bytes.Index(all[at:], []byte("PK\x03\x04"))
		if next < 0 {
			break
		}
		at += next
		ends = append(ends, at)
	}
	require.Len(t, ends, 3)
	for left := 0; left < len(all); left += 1 + left%29 {
		done, err := qrcode.WriteBatch(t.Context(), &limited{left, full}, tableCodes(3), nil)
		require.ErrorIs(t, err, full, "after %d bytes", left)
		whole := 0
		for _, end := range ends {
			if end <= left {
				whole++
			}
		}
		require.Equal(t, whole, done.Written, "after %d bytes", left)
		require.ErrorContains(t, err, fmt.Sprintf("after %d codes: disk full", done.Written))
	}
	_, err := qrcode.WriteBatch(t.Context(), &limited{left: 10}, tableCodes(3), nil)
	require.ErrorIs(t, err, io.ErrShortWrite, "a writer that keeps silent")
}

// TestBatchMemory proves that 10,000 codes take no more memory than 100, by what is
// alive on the heap while they are written. It runs by itself: others would count.
// A directory in memory, as that of archive/zip, takes 3 MB for 10,000.
func TestBatchMemory(t *testing.T) {
	n := 10_000
	if testing.Short() {
		n = 2000
	}
	dir := t.TempDir()
	peak := func(n int) (most uint64, temp int64) {
		w := &sampler{t: t, every: n / 10, dir: dir}
		done, err := qrcode.WriteBatch(t.Context(), w, tableCodes(n), &qrcode.BatchOptions{TempDir: dir, Style: &qrcode.Style{Module: 1}})
		require.NoError(t, err)
		require.Equal(t, qrcode.Batch{Written: n}, done)
		return w.most, w.written
	}
	peak(100) // what the encoder keeps for each size of code is there afterwards
	few, _ := peak(100)
	many, written := peak(n)
	t.Logf("alive: %d kB with 100 codes, %d kB with %d, which make %d kB", few>>10, many>>10, n, written>>10)
	require.LessOrEqual(t, many, few+128<<10, "bytes alive with %d codes, and with 100", n)
	left, err := os.ReadDir(dir)
	require.NoError(t, err)
	require.Empty(t, left)
}

// A sampler is a writer that looks at the heap now and then.
type sampler struct {
	t             *testing.T
	dir           string
	every, writes int
	most          uint64
	written       int64
}

func (s *sampler) Write(b []byte) (int, error) {
	s.written += int64(len(b))
	if s.writes++; s.writes%s.every == 0 {
		runtime.GC()
		runtime.GC() // pools live until the second
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		s.most = max(s.most, m.HeapAlloc)
	}
	return len(b), nil
}

func TestBatchWithoutTempDir(t *testing.T) {
	t.Parallel()
	missing := filepath.Join(t.TempDir(), "missing")
	o := &qrcode.BatchOptions{TempDir: missing, Style: &qrcode.Style{Module: 1}}
	_, err := qrcode.WriteBatch(t.Context(), io.Discard, tableCodes(100), o)
	require.NoError(t, err, "a small batch needs none")
	_, err = qrcode.WriteBatch(t.Context(), io.Discard, tableCodes(2000), o)
	require.ErrorIs(t, err, os.ErrNotExist)
}

func TestLinks(t *testing.T) {
	t.Parallel()
	to := menuPage
	to.Params = append(make([]qrcode.Param, 0, 8), qrcode.Param{Key: "shop", Value: "1"})
	codes := qrcode.Links(qrcode.MiniApp(""), to, qrcode.Numbered("Tisch", "t", -1, 1))
	for range 2 {
		got, err := page.Collect(codes)
		require.NoError(t, err)
		require.Len(t, got, 3)
		for i, c := range got {
			require.Equal(t, fmt.Sprintf("Tisch %d", i-1), c.Name)
			require.Equal(t, fmt.Sprintf("superapp://miniapp/%s/pages/menu?shop=1&t=%d", shop, i-1), c.Link)
			require.Equal(t, []qrcode.Param{{Key: "shop", Value: "1"}, {Key: "t", Value: fmt.Sprint(i - 1)}}, c.Params)
			require.True(t, c.Working)
		}
	}
	require.Len(t, to.Params, 1)
	for range codes {
		break
	}
	none, err := page.Collect(qrcode.Links(qrcode.MiniApp(""), to, qrcode.Numbered("x", "t", 2, 1)))
	require.NoError(t, err)
	require.Empty(t, none)
}

// bare is a scheme of a host that escapes nothing.
type bare struct{}

func (bare) Link(t qrcode.Target) (string, error) { return "bare:" + t.Params[0].Value, nil }

func TestLinksThatCannotBe(t *testing.T) {
	t.Parallel()
	each := func(yield func(string, []qrcode.Param) bool) {
		for _, value := range []string{"1", "\x00", "3", strings.Repeat("x", 1100), "ö", "6"} {
			if !yield("Table "+value, []qrcode.Param{{Key: "t", Value: value}}) {
				return
			}
		}
	}
	var refused []string
	for c, err := range qrcode.Links(bare{}, menuPage, each) {
		if err == nil {
			continue
		}
		require.Empty(t, c.Link)
		require.False(t, c.Working)
		require.NotEmpty(t, c.Name)
		refused = append(refused, err.Error())
	}
	require.Len(t, refused, 3)
	require.Contains(t, refused[0], "codes[1].params[0].value: want no control characters")
	require.Contains(t, refused[1], "codes[3].params: at most 1024 bytes")
	require.Contains(t, refused[2], "codes[4].link: ")

	var b bytes.Buffer
	done, err := qrcode.WriteBatch(t.Context(), &b, qrcode.Links(bare{}, menuPage, each), &qrcode.BatchOptions{KeepGoing: true})
	require.NoError(t, err)
	require.Equal(t, qrcode.Batch{Written: 3, LeftOut: 3}, done)
	_, _, rows := unpack(t, b.Bytes())
	require.Contains(t, rows[1][5], "control characters")
}

package qrcode

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"iter"

	"github.com/superapp-go/superapp/fault"
	"github.com/superapp-go/superapp/qrcode/internal/archive"
)

// A Format is a kind of file.
type Format uint8

// The formats of the files in a batch.
const (
	PNG Format = iota + 1
	SVG
	PDF
)

// String returns "png", "svg" or "pdf", the extension of the files.
func (f Format) String() string {
	if f < PNG || f > PDF {
		return "?"
	}
	return [...]string{"png", "svg", "pdf"}[f-1]
}

// BatchOptions say what a batch holds. A nil *BatchOptions is the default.
type BatchOptions struct {
	// Format is that of the pictures. Default: [PNG].
	Format Format
	// Style is that of all codes. Default: the default style.
	Style *Style
	// Caption returns what stands below a code, "" for nothing. Default: the style's
	// caption.
	Caption func(Code) string
	// File returns what a file is called after its number. Default: the name of the
	// code.
	File func(Code) string
	// KeepGoing leaves out a code that is refused, instead of ending the batch: the
	// index says why. Default: false.
	KeepGoing bool
	// Progress is called after each code, with what is done so far; nobody knows how
	// many there will be. It runs on the caller's goroutine, which waits for it.
	// Default: nothing.
	Progress func(Batch)
	// TempDir is the folder for the ends of large batches, see [WriteBatch]. Default:
	// the system's.
	TempDir string
}

// A Batch tells what became of the codes of a batch.
type Batch struct {
	// Written is how many pictures w has taken.
	Written int
	// LeftOut is how many codes were refused.
	LeftOut int
}

// WriteBatch draws codes into a ZIP file with a file for each, and an index.csv at
// the end. The codes come from a list of the service, or from [Links]:
//
//	codes := page.All(ctx, p.QRCodes.List, admin, qrcode.Filter{MiniProgram: shop})
//	done, err := qrcode.WriteBatch(ctx, w, qrcode.Printable(codes), nil)
//
// Files are called by their number from 1 and by the code's name, as in
// 00007-Table-7.png: in their order, each once, and harmless on every system. They
// have letters, digits, underscores, hyphens and signs such as emoji, in NFC, and at
// most 64 bytes beside the extension. The index has the columns file, name, link,
// page, parameters and error, in UTF-8 with a byte order mark; an apostrophe stands
// before what a spreadsheet would take for a formula.
//
// Each file is handed to w when it is drawn, in one Write, so that memory does not
// grow with the number of codes. What has to stand at the end, the index and the
// directory, goes to temporary files as soon as either is larger than 32 kB, about 100
// bytes a code; they are removed in the end. There is no limit to the number of codes
// below an index of 4 GiB.
//
// A batch ends early when ctx is done, when the sequence yields an error, when a code
// is refused (an *[fault.InvalidError] under "codes[17]", counted from 0), or when w or
// a temporary file fails. The error wraps that of what failed, and the [Batch] tells
// what was done by then. What w took then is no ZIP file, and no program takes it for
// one. With KeepGoing an *[fault.InvalidError] of a code, drawn or yielded, is a row in
// the index instead. The style is checked before anything is written.
//
// PNG and PDF files are stored as they are, since they are compressed; SVG files are
// compressed to about a third. The same codes make the same bytes, as long as the
// program is built with the same release of Go, whose compressor makes SVG files and
// the index small; what is unpacked is the same always.
func WriteBatch(ctx context.Context, w io.Writer, codes iter.Seq2[Code, error], o *BatchOptions) (done Batch, err error) {
	defer fault.Wrap(&err, "qrcode: write batch")
	b, err := newBatch(w, o)
	if err != nil {
		return Batch{}, err
	}
	defer b.close()
	for c, err := range codes {
		if ctx.Err() != nil {
			return b.done, b.after(context.Cause(ctx))
		}
		if err := b.add(c, err); err != nil {
			return b.done, b.after(err)
		}
		if b.Progress != nil {
			b.Progress(b.done)
		}
	}
	if ctx.Err() != nil {
		return b.done, b.after(context.Cause(ctx))
	}
	return b.done, b.after(b.finish())
}

// A batch is one on its way.
type batch struct {
	BatchOptions
	done    Batch
	zip     *archive.Writer
	index   *index
	picture bytes.Buffer
	spools  [2]*archive.Spool
}

func newBatch(w io.Writer, o *BatchOptions) (*batch, error) {
	b := &batch{}
	if o != nil {
		b.BatchOptions = *o
	}
	var p fault.Problems
	if b.Format == 0 {
		b.Format = PNG
	}
	if b.Format > PDF {
		p.Add("format", "unknown", fmt.Sprintf("want PNG, SVG or PDF, got %d", b.Format))
	}
	if b.Style == nil {
		b.Style = &Style{}
	}
	if b.Caption == nil {
		b.Caption = func(Code) string { return b.Style.Caption }
	}
	if b.File == nil {
		b.File = func(c Code) string { return c.Name }
	}
	_, err := b.Style.prepared()
	if err := fault.Join(p.Err(), err); err != nil {
		return nil, err
	}
	for i := range b.spools {
		b.spools[i] = &archive.Spool{Dir: b.TempDir}
	}
	b.zip, b.index = archive.NewWriter(w, b.spools[0]), newIndex(b.spools[1])
	return b, nil
}

func (b *batch) close() {
	for _, s := range b.spools {
		s.Remove()
	}
}

// after tells how far the batch had come.
func (b *batch) after(err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("after %d codes: %w", b.done.Written+b.done.LeftOut, err)
}

// add adds what the sequence yielded.
func (b *batch) add(c Code, err error) error {
	n := b.done.Written + b.done.LeftOut
	if err == nil {
		if err = b.draw(c); err != nil {
			err = fault.Under(fmt.Sprintf("codes[%d]", n), err)
		}
	}
	if err != nil {
		if !b.KeepGoing || !errors.Is(err, fault.ErrInput) {
			return err
		}
		b.done.LeftOut++
		return b.index.add("", c, err)
	}
	file, add := fileName(n+1, b.File(c))+"."+b.Format.String(), b.zip.Store
	if b.Format == SVG {
		add = b.zip.Deflate
	}
	if err := add(file, b.picture.Bytes()); err != nil {
		return err
	}
	b.done.Written++
	return b.index.add(file, c, nil)
}

// draw draws a code into b.picture.
func (b *batch) draw(c Code) error {
	style := *b.Style
	style.Caption = b.Caption(c)
	b.picture.Reset()
	switch b.Format {
	case SVG:
		return c.WriteSVG(&b.picture, &style)
	case PDF:
		return c.WritePDF(&b.picture, &style)
	default:
		return c.WritePNG(&b.picture, &style)
	}
}

// finish writes what stands at the end.
func (b *batch) finish() error {
	text, err := b.index.end()
	if err != nil {
		return err
	}
	if err := b.zip.Add("index.csv", text); err != nil {
		return err
	}
	return b.zip.Close()
}

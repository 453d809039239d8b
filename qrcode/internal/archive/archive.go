// Package archive writes ZIP files of any number of files in constant memory.
//
// archive/zip keeps the directory, which stands at the end of a ZIP file, in memory
// until then: about 300 bytes a file. Here it goes to a [Spool]. Files are handed over
// whole, so that sizes and checksum stand before the data and every reader can unpack
// the file while it arrives. Times are the first that ZIP has, so that the same files
// make the same bytes.
package archive

import (
	"compress/flate"
	"encoding/binary"
	"fmt"
	"hash/crc32"
	"io"
	"math"
)

// The methods by which a file is kept.
const (
	stored   = 0
	deflated = 8
)

// A Writer writes a ZIP file. It is not safe for concurrent use.
type Writer struct {
	w io.Writer
	// written is how many bytes w has taken, files how many files.
	written, files uint64
	directory      *Spool
	packer         *flate.Writer
	// packed is a file with its header, on its way to w.
	packed sink
}

// A sink takes what is written to it, and keeps its memory when it is emptied.
type sink []byte

func (s *sink) Write(p []byte) (int, error) {
	*s = append(*s, p...)
	return len(p), nil
}

// NewWriter returns a writer to w; the spool is for its own use, and the caller
// removes it.
func NewWriter(w io.Writer, directory *Spool) *Writer {
	return &Writer{w: w, directory: directory}
}

// Store adds a file as it is, in one Write. Names are UTF-8, and not checked.
func (z *Writer) Store(name string, data []byte) error {
	h := newHeader(name, stored, crc32.ChecksumIEEE(data), uint64(len(data)), uint64(len(data)))
	z.packed = append(h.local(z.packed[:0]), data...)
	return z.finish(h)
}

// Deflate adds a file compressed, in one Write.
func (z *Writer) Deflate(name string, data []byte) error {
	h := newHeader(name, deflated, crc32.ChecksumIEEE(data), 0, uint64(len(data)))
	// The header goes first with a size that is put right afterwards.
	z.packed = h.local(z.packed[:0])
	start := len(z.packed)
	if z.packer == nil {
		z.packer = newPacker(&z.packed)
	} else {
		z.packer.Reset(&z.packed)
	}
	if _, err := z.packer.Write(data); err != nil {
		return err
	}
	if err := z.packer.Close(); err != nil {
		return err
	}
	h.packedSize = uint64(len(z.packed) - start)
	h.local(z.packed[:0])
	return z.finish(h)
}

// Add adds what was written to a text, compressed.
func (z *Writer) Add(name string, t *Text) error {
	if err := t.packer.Close(); err != nil {
		return err
	}
	h := newHeader(name, deflated, t.sum, uint64(t.spool.Len()), t.size)
	if h.size > math.MaxUint32 || h.packedSize > math.MaxUint32 {
		return fmt.Errorf("%s has %d bytes: a ZIP file takes one of at most %d", name, h.size, uint32(math.MaxUint32))
	}
	h.offset = z.written
	if err := z.write(h.local(nil)); err != nil {
		return err
	}
	n, err := t.spool.WriteTo(z.w)
	z.written += uint64(n)
	if err != nil {
		return err
	}
	return z.enter(h)
}

// Close writes the directory. Without it the file is not a ZIP file.
func (z *Writer) Close() error {
	start, size := z.written, uint64(z.directory.Len())
	n, err := z.directory.WriteTo(z.w)
	z.written += uint64(n)
	if err != nil {
		return err
	}
	return z.write(end(z.files, start, size))
}

// finish hands over the file in z.packed.
func (z *Writer) finish(h header) error {
	h.offset = z.written
	if err := z.write(z.packed); err != nil {
		return err
	}
	return z.enter(h)
}

// enter notes a file in the directory.
func (z *Writer) enter(h header) error {
	z.files++
	_, err := z.directory.Write(h.central(nil))
	return err
}

func (z *Writer) write(p []byte) error {
	n, err := z.w.Write(p)
	z.written += uint64(n)
	if err == nil && n < len(p) {
		err = io.ErrShortWrite
	}
	return err
}

// newPacker is the compressor of all files, at the level that is fast: the next ones
// take four times as long for a fifth less.
func newPacker(w io.Writer) *flate.Writer {
	packer, err := flate.NewWriter(w, flate.BestSpeed)
	if err != nil {
		panic(err) // only for a level that is none
	}
	return packer
}

// A header describes a file, before its data and in the directory.
type header struct {
	name             string
	method           uint16
	sum              uint32
	packedSize, size uint64
	offset           uint64
}

func newHeader(name string, method uint16, sum uint32, packedSize, size uint64) header {
	return header{name: name, method: method, sum: sum, packedSize: packedSize, size: size}
}

var le = binary.LittleEndian

// common is what both forms of a header share: from the version that is needed to
// the length of the name. Bit 11 says that names are UTF-8; 1 January 1980 is the
// first date.
func (h header) common(b []byte, version uint16) []byte {
	b = le.AppendUint16(b, version)
	b = le.AppendUint16(b, 1<<11)
	b = le.AppendUint16(b, h.method)
	b = le.AppendUint16(b, 0)
	b = le.AppendUint16(b, 1<<5|1)
	b = le.AppendUint32(b, h.sum)
	b = le.AppendUint32(b, uint32(h.packedSize))
	b = le.AppendUint32(b, uint32(h.size))
	return le.AppendUint16(b, uint16(len(h.name)))
}

// local appends the header that stands before the data.
func (h header) local(b []byte) []byte {
	b = h.common(append(b, "PK\x03\x04"...), 20)
	b = le.AppendUint16(b, 0)
	return append(b, h.name...)
}

// central appends the header in the directory. An offset that does not fit into 32
// bits stands in an extra field (ZIP64).
func (h header) central(b []byte) []byte {
	version, extra := uint16(20), []byte(nil)
	if h.offset >= math.MaxUint32 {
		version = 45
		extra = le.AppendUint16(extra, 1)
		extra = le.AppendUint16(extra, 8)
		extra = le.AppendUint64(extra, h.offset)
	}
	// Made by a Unix system, so that the mode of the file counts.
	b = le.AppendUint16(append(b, "PK\x01\x02"...), 3<<8|version)
	b = h.common(b, version)
	b = le.AppendUint16(b, uint16(len(extra)))
	b = append(b, 0, 0, 0, 0, 0, 0) // no comment, first disk, not text
	b = le.AppendUint32(b, 0o100644<<16)
	b = le.AppendUint32(b, uint32(min(h.offset, math.MaxUint32)))
	return append(append(b, h.name...), extra...)
}

// end returns what closes the file. Figures that do not fit stand in a record of
// their own before it (ZIP64).
func end(files, start, size uint64) (b []byte) {
	if files >= math.MaxUint16 || start >= math.MaxUint32 || size >= math.MaxUint32 {
		b = append(b, "PK\x06\x06"...)
		b = le.AppendUint64(b, 44)
		b = le.AppendUint16(b, 3<<8|45)
		b = le.AppendUint16(b, 45)
		b = le.AppendUint64(b, 0) // this disk is the first, and has the directory
		b = le.AppendUint64(b, files)
		b = le.AppendUint64(b, files)
		b = le.AppendUint64(b, size)
		b = le.AppendUint64(b, start)
		b = append(b, "PK\x06\x07"...)
		b = le.AppendUint32(b, 0)
		b = le.AppendUint64(b, start+size)
		b = le.AppendUint32(b, 1)
	}
	b = append(b, "PK\x05\x06"...)
	b = le.AppendUint32(b, 0)
	b = le.AppendUint16(b, uint16(min(files, math.MaxUint16)))
	b = le.AppendUint16(b, uint16(min(files, math.MaxUint16)))
	b = le.AppendUint32(b, uint32(min(size, math.MaxUint32)))
	b = le.AppendUint32(b, uint32(min(start, math.MaxUint32)))
	return le.AppendUint16(b, 0)
}

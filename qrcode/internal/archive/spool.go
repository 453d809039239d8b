package archive

import (
	"compress/flate"
	"hash/crc32"
	"io"
	"os"
)

// inMemory is how much of a spool stays in memory: the directory of some 300 files.
const inMemory = 32 << 10

// A Spool keeps what is written to it until it is read, in memory as long as it is
// little, then in a temporary file. The zero Spool uses the system's folder for
// those.
type Spool struct {
	// Dir is where the temporary file goes; "" is the system's folder.
	Dir string
	// recent is what has not gone to the file yet.
	recent []byte
	file   *os.File
	filed  int64
	// named says that the file still has its name.
	named bool
}

// Len returns how many bytes were written.
func (s *Spool) Len() int64 { return s.filed + int64(len(s.recent)) }

// Write takes p. The error is that of the temporary file.
func (s *Spool) Write(p []byte) (int, error) {
	if len(s.recent)+len(p) > inMemory {
		if err := s.flush(); err != nil {
			return 0, err
		}
	}
	if s.recent == nil {
		s.recent = make([]byte, 0, inMemory)
	}
	s.recent = append(s.recent, p...)
	return len(p), nil
}

func (s *Spool) flush() (err error) {
	if s.file == nil {
		if s.file, err = os.CreateTemp(s.Dir, "qrcode-*"); err != nil {
			return err
		}
		// Why at once: what was printed is nobody else's business, and a program that is
		// killed removes nothing. Where an open file cannot be removed, Remove does it.
		s.named = os.Remove(s.file.Name()) != nil
	}
	n, err := s.file.Write(s.recent)
	s.filed += int64(n)
	s.recent = s.recent[:0]
	return err
}

// WriteTo writes all of the spool to w.
func (s *Spool) WriteTo(w io.Writer) (n int64, err error) {
	if s.file != nil {
		n, err = io.Copy(w, io.NewSectionReader(s.file, 0, s.filed))
		if err != nil {
			return n, err
		}
	}
	m, err := w.Write(s.recent)
	if err == nil && m < len(s.recent) {
		err = io.ErrShortWrite
	}
	return n + int64(m), err
}

// Remove frees the memory and removes the file. The spool is empty then.
func (s *Spool) Remove() {
	if s.file != nil {
		_ = s.file.Close()
		if s.named {
			_ = os.Remove(s.file.Name())
		}
	}
	*s = Spool{Dir: s.Dir}
}

// A Text is a file that is written bit by bit while others are added: it is kept
// compressed until [Writer.Add].
type Text struct {
	spool  *Spool
	packer *flate.Writer
	sum    uint32
	size   uint64
}

// NewText returns an empty text; the spool is for its own use, and the caller
// removes it.
func NewText(spool *Spool) *Text { return &Text{spool: spool, packer: newPacker(spool)} }

// Write takes p. The error is that of the spool.
func (t *Text) Write(p []byte) (int, error) {
	t.sum = crc32.Update(t.sum, crc32.IEEETable, p)
	t.size += uint64(len(p))
	return t.packer.Write(p)
}

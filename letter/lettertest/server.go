package lettertest

import (
	"bufio"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"fmt"
	"math/big"
	"net"
	"slices"
	"strings"
	"sync"
	"time"
)

// Drop is an answer of [ServerOptions] that closes the connection without one.
const Drop = "drop"

// ServerOptions configure a [Server]. Nil means the defaults.
type ServerOptions struct {
	// Answer says what the server answers to a command, such as "RCPT TO:<dee@...>", "."
	// for the end of a letter, or "" for the connection itself: a line such as "550 5.1.1
	// no such user", [Drop], or "" for what a server usually answers. It may wait, and is
	// called by several connections at a time. Default: everything is taken.
	Answer func(command string) string
	// NoTLS is a server that cannot protect a connection. Default: it offers STARTTLS,
	// with a certificate that [Server.TLS] knows.
	NoTLS bool
}

// A Server is a mail server for tests, on a port of this machine. It takes every
// letter and sends none on.
type Server struct {
	options ServerOptions
	port    int
	listen  net.Listener
	server  *tls.Config
	client  *tls.Config

	mu     sync.Mutex
	wg     sync.WaitGroup
	closed bool
	conns  map[net.Conn]bool
	mails  []Mail
}

// NewServer starts a server; [Server.Close] ends it.
func NewServer(o *ServerOptions) (*Server, error) {
	s := &Server{conns: make(map[net.Conn]bool)}
	if o != nil {
		s.options = *o
	}
	var err error
	if s.server, s.client, err = certificate(); err != nil {
		return nil, err
	}
	if s.listen, err = net.Listen("tcp", "127.0.0.1:0"); err != nil {
		return nil, err
	}
	s.port = s.listen.Addr().(*net.TCPAddr).Port
	s.wg.Go(s.accept)
	return s, nil
}

// Host and Port are where the server listens.
func (s *Server) Host() string { return "127.0.0.1" }

// Port is the server's.
func (s *Server) Port() int { return s.port }

// TLS returns what a client needs to trust the server's certificate.
func (s *Server) TLS() *tls.Config { return s.client.Clone() }

// Mails returns what was taken, in the order in which it came.
func (s *Server) Mails() []Mail {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.mails)
}

// Close ends the server and its connections.
func (s *Server) Close() {
	s.listen.Close()
	s.mu.Lock()
	s.closed = true
	for c := range s.conns {
		c.Close()
	}
	s.mu.Unlock()
	s.wg.Wait()
}

func (s *Server) accept() {
	for {
		c, err := s.listen.Accept()
		if err != nil {
			return
		}
		s.mu.Lock()
		if s.closed { // it came in at the last moment
			c.Close()
		}
		s.conns[c] = true
		s.mu.Unlock()
		s.wg.Go(func() {
			defer c.Close()
			s.serve(c)
			s.mu.Lock()
			delete(s.conns, c)
			s.mu.Unlock()
		})
	}
}

// serve talks to one client until it leaves, or is dropped.
func (s *Server) serve(c net.Conn) {
	in := bufio.NewReader(c)
	var envelope Mail
	if !s.say(c, "", "220 lettertest ESMTP") {
		return
	}
	for {
		line, err := in.ReadString('\n')
		if err != nil {
			return
		}
		command := strings.TrimRight(line, "\r\n")
		word, _, _ := strings.Cut(strings.ToUpper(command), " ")
		usual := "250 2.0.0 ok"
		_, protected := c.(*tls.Conn)
		switch word {
		case "EHLO", "HELO":
			usual = "250-lettertest\r\n250-8BITMIME\r\n250-ENHANCEDSTATUSCODES\r\n"
			if !protected && !s.options.NoTLS {
				usual += "250-STARTTLS\r\n"
			}
			usual += "250 SMTPUTF8"
		case "MAIL":
			envelope = Mail{From: between(command)}
		case "RCPT":
			envelope.To = append(envelope.To, between(command))
		case "DATA":
			usual = "354 go ahead"
		case "QUIT":
			usual = "221 2.0.0 bye"
		case "STARTTLS":
			usual = "220 2.0.0 go ahead"
		}
		if !s.say(c, command, usual) || word == "QUIT" {
			return
		}
		switch word {
		case "STARTTLS":
			c = tls.Server(c, s.server)
			in = bufio.NewReader(c)
		case "DATA":
			if !s.data(c, in, envelope) {
				return
			}
		}
	}
}

// data reads a letter to its end.
func (s *Server) data(c net.Conn, in *bufio.Reader, m Mail) bool {
	for {
		line, err := in.ReadString('\n')
		if err != nil {
			return false
		}
		if strings.TrimRight(line, "\r\n") == "." {
			break
		}
		m.Raw = append(m.Raw, strings.TrimPrefix(line, ".")...)
	}
	s.mu.Lock()
	s.mails = append(s.mails, m)
	s.mu.Unlock()
	return s.say(c, ".", "250 2.0.0 taken")
}

// say answers a command; false ends the connection.
func (s *Server) say(c net.Conn, command, usual string) bool {
	answer := ""
	if s.options.Answer != nil {
		answer = s.options.Answer(command)
	}
	switch answer {
	case Drop:
		return false
	case "":
		answer = usual
	}
	_, err := fmt.Fprintf(c, "%s\r\n", answer)
	return err == nil
}

// between returns the address of a command.
func between(command string) string {
	_, rest, _ := strings.Cut(command, "<")
	address, _, _ := strings.Cut(rest, ">")
	return address
}

// certificate makes one for this machine, and what a client needs to trust it.
func certificate() (server, client *tls.Config, err error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, nil, err
	}
	now := time.Now()
	made := &x509.Certificate{
		SerialNumber: big.NewInt(now.UnixNano()), Subject: pkix.Name{CommonName: "lettertest"},
		NotBefore: now.Add(-time.Hour), NotAfter: now.Add(24 * time.Hour), IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)},
		IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageDigitalSignature | x509.KeyUsageCertSign,
	}
	der, err := x509.CreateCertificate(rand.Reader, made, made, &key.PublicKey, key)
	if err != nil {
		return nil, nil, err
	}
	parsed, err := x509.ParseCertificate(der)
	if err != nil {
		return nil, nil, err
	}
	roots := x509.NewCertPool()
	roots.AddCert(parsed)
	return &tls.Config{Certificates: []tls.Certificate{{Certificate: [][]byte{der}, PrivateKey: key}}}, &tls.Config{RootCAs: roots}, nil
}

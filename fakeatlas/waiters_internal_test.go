package fakeatlas

// Waiters returns how many calls wait for requests.
func Waiters(s *Server) int { return s.journal.Waiters() }

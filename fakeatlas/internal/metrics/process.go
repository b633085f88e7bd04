package metrics

import (
	"bytes"
	"os"
	"runtime"
	"strconv"
	"strings"
)

// writeRuntime writes the metrics of the Go runtime, by the names of Prometheus's client for Go.
func writeRuntime(t *text) {
	var mem runtime.MemStats
	runtime.ReadMemStats(&mem)
	threads, _ := runtime.ThreadCreateProfile(nil)
	for _, m := range []struct {
		name, kind, help string
		value            float64
	}{
		{"go_goroutines", "gauge", "Goroutines that currently exist.", float64(runtime.NumGoroutine())},
		{"go_threads", "gauge", "OS threads created.", float64(threads)},
		{"go_gomaxprocs", "gauge", "The value of GOMAXPROCS.", float64(runtime.GOMAXPROCS(0))},
		{"go_gc_cycles_total", "counter", "Completed garbage collections.", float64(mem.NumGC)},
		{"go_gc_pause_seconds_total", "counter", "Time that garbage collections stopped the process.", float64(mem.PauseTotalNs) / 1e9},
		{"go_memstats_alloc_bytes", "gauge", "Bytes of allocated heap objects.", float64(mem.Alloc)},
		{"go_memstats_alloc_bytes_total", "counter", "Bytes allocated for heap objects since the start.", float64(mem.TotalAlloc)},
		{"go_memstats_mallocs_total", "counter", "Heap objects allocated.", float64(mem.Mallocs)},
		{"go_memstats_frees_total", "counter", "Heap objects freed.", float64(mem.Frees)},
		{"go_memstats_heap_inuse_bytes", "gauge", "Bytes in heap spans that are in use.", float64(mem.HeapInuse)},
		{"go_memstats_heap_idle_bytes", "gauge", "Bytes in unused heap spans.", float64(mem.HeapIdle)},
		{"go_memstats_heap_released_bytes", "gauge", "Bytes of the heap returned to the system.", float64(mem.HeapReleased)},
		{"go_memstats_heap_sys_bytes", "gauge", "Bytes of the heap obtained from the system.", float64(mem.HeapSys)},
		{"go_memstats_heap_objects", "gauge", "Allocated heap objects.", float64(mem.HeapObjects)},
		{"go_memstats_stack_inuse_bytes", "gauge", "Bytes in stack spans that are in use.", float64(mem.StackInuse)},
		{"go_memstats_sys_bytes", "gauge", "Bytes obtained from the system.", float64(mem.Sys)},
		{"go_memstats_next_gc_bytes", "gauge", "Heap size of the next garbage collection.", float64(mem.NextGC)},
	} {
		t.family(m.name, m.kind, m.help).sample("", nil, m.value)
	}
	t.family("go_info", "gauge", "The version of Go.").sample("", labels{{"version", runtime.Version()}}, 1)
}

// ticksPerSecond is the unit of times in /proc: USER_HZ, which is 100 on every architecture that Go supports.
const ticksPerSecond = 100

// writeProcess writes the metrics of the process, by the names that the clients of Prometheus share. It reads them from
// /proc: on systems without it, there are none.
// https://prometheus.io/docs/instrumenting/writing_clientlibs/#process-metrics
func writeProcess(t *text) {
	gauge := func(name, help string, value float64, known bool) {
		if known {
			t.family(name, "gauge", help).sample("", nil, value)
		}
	}
	if stat, ok := processStat(); ok {
		t.family("process_cpu_seconds_total", "counter", "CPU time of the process, user and system.").
			sample("", nil, (stat[userTime]+stat[systemTime])/ticksPerSecond)
		booted, known := bootTime()
		gauge("process_start_time_seconds", "Start of the process in Unix time.", booted+stat[startTicks]/ticksPerSecond, known)
		gauge("process_num_threads", "Threads of the process.", stat[threads], true)
		gauge("process_virtual_memory_bytes", "Virtual memory of the process.", stat[virtualMemory], true)
		gauge("process_resident_memory_bytes", "Resident memory of the process.", stat[residentPages]*float64(os.Getpagesize()), true)
	}
	open, err := os.ReadDir("/proc/self/fd")
	gauge("process_open_fds", "Open file descriptors.", float64(len(open)-1), err == nil) // one of them reads the folder
	limit, known := maxOpenFiles()
	gauge("process_max_fds", "Limit of open file descriptors.", limit, known)
}

// Fields of /proc/self/stat after the name of the command: proc_pid_stat(5) counts them from 3.
const (
	userTime      = 14 - 3
	systemTime    = 15 - 3
	threads       = 20 - 3
	startTicks    = 22 - 3
	virtualMemory = 23 - 3
	residentPages = 24 - 3
)

// processStat returns the numbers of /proc/self/stat, and 0 for other fields.
func processStat() ([]float64, bool) {
	content, err := os.ReadFile("/proc/self/stat")
	if err != nil {
		return nil, false
	}
	// The name of the command may contain spaces and parentheses.
	fields := bytes.Fields(content[bytes.LastIndexByte(content, ')')+1:])
	if len(fields) <= residentPages {
		return nil, false
	}
	numbers := make([]float64, len(fields))
	for i, field := range fields {
		numbers[i], _ = strconv.ParseFloat(string(field), 64)
	}
	return numbers, true
}

// bootTime returns the time at which the system started, in Unix time.
func bootTime() (float64, bool) {
	return numberAfter("/proc/stat", "btime")
}

// maxOpenFiles returns the soft limit of open file descriptors.
func maxOpenFiles() (float64, bool) {
	return numberAfter("/proc/self/limits", "Max open files")
}

// numberAfter returns the first number of the line of a file that begins with a name.
func numberAfter(file, name string) (float64, bool) {
	content, err := os.ReadFile(file)
	if err != nil {
		return 0, false
	}
	for line := range strings.Lines(string(content)) {
		if rest, ok := strings.CutPrefix(line, name+" "); ok {
			first, _, _ := strings.Cut(strings.TrimSpace(rest), " ")
			number, err := strconv.ParseFloat(first, 64)
			return number, err == nil
		}
	}
	return 0, false
}

/** Faults, injected into real processes and real brokers. */
package io.millrace.local.chaos;

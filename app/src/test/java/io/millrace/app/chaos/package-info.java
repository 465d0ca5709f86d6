/** Faults, injected into real processes and real brokers. */
package io.millrace.app.chaos;

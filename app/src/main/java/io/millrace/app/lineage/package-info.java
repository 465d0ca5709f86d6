/** Proves from topics and store that every accepted example was trained exactly once. */
package io.millrace.app.lineage;

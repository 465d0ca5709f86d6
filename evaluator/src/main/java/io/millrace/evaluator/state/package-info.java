/** What is folded from topics: probe sets, the history of each task, its drift. */
package io.millrace.evaluator.state;

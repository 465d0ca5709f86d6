/** The live page of a process: what its topics and its meters say, in a browser. */
@NullMarked
package io.millrace.app.page;

import org.jspecify.annotations.NullMarked;

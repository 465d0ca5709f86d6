/** What each command needs on a broker that asks who is there and what he may. */
@NullMarked
package io.millrace.app.access;

import org.jspecify.annotations.NullMarked;

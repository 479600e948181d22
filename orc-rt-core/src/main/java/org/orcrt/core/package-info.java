/// The session, its dispatchers, and the look-up of everything that plugs in. [org.orcrt.core.Sessions] is the door.
package org.orcrt.core;

"""Security log: who came in, who was refused, who was given what, who took everything away; read by administrators."""

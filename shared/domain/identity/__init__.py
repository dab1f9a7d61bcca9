"""Who is who: what is known of a person, how two are compared, what the comparison weighs.

Fellegi and Sunter, "A Theory for Record Linkage" (1969): the weight of a pair is the log2 odds that two
records picked at random are one person, plus log2(m/u) of every compared field, where m and u are the
chances of seeing that level of agreement on one person and on two.
"""
